// Planning the statements of the extractor takes longer than running them on a small database.
import type pg from 'pg'
import type { Queryable } from '../../lib/postgres/client.ts'

/** The same client for the extractor, which plans each of its statements only once: for tests that read one database hundreds of times. */
export function withKeptPlans(client: pg.Client): Queryable {
  const names = new Map<string, string>()
  const query = async (message: string): Promise<unknown> => {
    if (!message.startsWith('SELECT ')) return await client.query(message)
    const kept = names.get(message)
    if (kept !== undefined) return await client.query(`EXECUTE ${kept}`)
    const name = `kept_${names.size}`
    // Named at once: the next statement is asked for before this one is answered.
    names.set(message, name)
    const [, answer] = await Promise.all([
      client.query(`PREPARE ${name} AS ${message}`),
      client.query(`EXECUTE ${name}`),
    ])
    return answer
  }
  return { query: query as Queryable['query'] }
}

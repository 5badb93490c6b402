// Planning the statements of the extractor takes longer than running them on a small database.
import type pg from 'pg'
import type { Queryable } from '../../lib/postgres/client.ts'

/** The same client for the extractor, which plans each of its statements only once: for tests that read one database hundreds of times. */
export function withKeptPlans(client: pg.Client): Queryable {
  const names = new Map<string, string>()
  const query = async (message: string): Promise<unknown> => {
    const statements = message.split(';\n')
    for (const statement of statements) {
      if (!statement.startsWith('SELECT ') || names.has(statement)) continue
      const name = `kept_${names.size}`
      await client.query(`PREPARE ${name} AS ${statement}`)
      names.set(statement, name)
    }
    const executed = statements.map((each) => (names.has(each) ? `EXECUTE ${names.get(each)}` : each))
    return await client.query(executed.join(';\n'))
  }
  return { query: query as Queryable['query'] }
}

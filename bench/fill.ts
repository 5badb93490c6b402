import { withClient } from '../lib/postgres/client.ts'
import type { Target } from '../lib/postgres/target.ts'

/** Runs statements that may take their time, one message each. */
export async function fill(target: Target, statements: readonly string[]): Promise<void> {
  const patient = { queryTimeoutMs: 600_000 }
  await withClient(
    target,
    'filling the bench database',
    async (client) => {
      for (const each of statements) await client.query(each)
    },
    patient,
  )
}

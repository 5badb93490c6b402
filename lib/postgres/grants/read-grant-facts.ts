import type { LedgerName } from '../../config/config.ts'
import type { Queryable } from '../client.ts'
import type { GrantFacts } from './grant-facts.ts'
import { GRANT_FACTS } from './sql/grant-facts.ts'

/** What the grants of this database depend on. Use it inside one `withSnapshot`; any role that may connect will do. */
export async function readGrantFacts(client: Queryable, ledgers: readonly LedgerName[]): Promise<GrantFacts> {
  const { rows } = await client.query<GrantFacts>(GRANT_FACTS, [
    ledgers.map(({ schema }) => schema),
    ledgers.map(({ table }) => table),
  ])
  const [facts] = rows
  if (facts === undefined) throw new Error('a query without FROM gave no row')
  return facts
}

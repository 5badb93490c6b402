// Finds the ledger of a database, and says so when this role may not read it.
import pg from 'pg'
import { USUAL_LEDGERS, type LedgerName } from '../config/config.ts'
import { RaingaugeError } from '../error.ts'
import type { Queryable } from '../postgres/client.ts'
import { describeLedger } from './ledger.ts'
import { ALIKE_LEDGERS } from './sql/alike-ledgers.ts'
import { FIND_LEDGER } from './sql/find-ledger.ts'

type Column = { name: string; type: string; isGenerated: boolean; mayRead: boolean }

type Candidate = LedgerName & {
  mayUseSchema: boolean
  rowsAreHidden: boolean
  tellsTransactions: boolean
  columns: Column[]
}

/** `tellsTransactions`: its rows have a system column xmin, and this role may read it. */
export type FoundLedger = { name: LedgerName; columns: Column[]; tellsTransactions: boolean }

/** `alike`: tables that were not looked for, but are called like a ledger of Drizzle's, or have its columns. */
export type Search = { ledger: FoundLedger | null; database: string; alike: LedgerName[] }

/** Columns that are read where they are there. */
const KNOWN_COLUMNS = ['id', 'hash', 'created_at', 'tag', 'name', 'applied_at']

/**
 * Looks for the ledger of that name; null: for the first of the usual ones. Throws `postgres.permission`, naming the GRANT, where this
 * role cannot see every row of it.
 */
export async function findLedger(client: Queryable, name: LedgerName | null): Promise<Search> {
  const wanted = name === null ? USUAL_LEDGERS : [name]
  const { rows } = await client.query<{ database: string; role: string; tables: Candidate[] }>(FIND_LEDGER, [
    wanted.map(({ schema }) => schema),
    wanted.map(({ table }) => table),
  ])
  const { database = '', role = '', tables = [] } = rows[0] ?? {}
  const [found] = tables
  if (found === undefined) {
    return { ledger: null, database, alike: (await client.query<LedgerName>(ALIKE_LEDGERS)).rows }
  }
  demandPermission(found, role)
  const { schema, table, columns, tellsTransactions } = found
  return { ledger: { name: { schema, table }, columns, tellsTransactions }, database, alike: [] }
}

function demandPermission(found: Candidate, role: string): void {
  const schema = pg.escapeIdentifier(found.schema)
  const table = `${schema}.${pg.escapeIdentifier(found.table)}`
  const to = pg.escapeIdentifier(role)
  const grants = [
    ...(found.mayUseSchema ? [] : [`GRANT USAGE ON SCHEMA ${schema} TO ${to};`]),
    ...(found.columns.some((each) => KNOWN_COLUMNS.includes(each.name) && !each.mayRead)
      ? [`GRANT SELECT ON ${table} TO ${to};`]
      : []),
  ]
  if (grants.length > 0) {
    throw new RaingaugeError('postgres.permission', `role ${role} may not read the ledger ${describeLedger(found)}`, {
      remedy: grants.join(' '),
    })
  }
  if (found.rowsAreHidden) {
    throw new RaingaugeError(
      'postgres.permission',
      `row-level security hides rows of the ledger ${describeLedger(found)} from role ${role}`,
      { remedy: `CREATE POLICY raingauge ON ${table} FOR SELECT TO ${to} USING (true);` },
    )
  }
}

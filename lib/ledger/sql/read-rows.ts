import pg from 'pg'
import type { FoundLedger } from '../find-ledger.ts'

const WHOLE_NUMBERS = ['int2', 'int4', 'int8']
const MOMENTS = ['timestamptz', 'timestamp']
const WHOLE_OR_NUMERIC = [...WHOLE_NUMBERS, 'numeric']

/** Types of `created_at` that can be read. */
export const CREATED_AT_TYPES: readonly string[] = [...WHOLE_OR_NUMERIC, ...MOMENTS]

/**
 * All rows of a ledger, in the order in which they were applied, whatever columns it has; what it lacks is NULL. `created_at` is Drizzle's
 * bigint of milliseconds, or a point in time in ledgers made by hand. undefined where no column tells the order.
 */
export function readRowsSql({ name, columns, tellsTransactions }: FoundLedger): string | undefined {
  const column = (wanted: string, types: string[]) =>
    columns.some((each) => each.name === wanted && types.includes(each.type)) ? pg.escapeIdentifier(wanted) : undefined
  const milliseconds = (wanted: string) => {
    const moment = column(wanted, MOMENTS)
    return moment && `pg_catalog.floor(EXTRACT(epoch FROM ${moment}) * 1000)::pg_catalog.int8`
  }
  const id = column('id', WHOLE_NUMBERS)
  const createdAt = column('created_at', WHOLE_OR_NUMERIC) ?? milliseconds('created_at')
  const appliedAt = milliseconds('applied_at')
  // Drizzle 1.x calls it name.
  const tag = column('tag', ['text', 'varchar']) ?? column('name', ['text', 'varchar'])
  const order = id ?? createdAt ?? appliedAt
  if (order === undefined) return undefined
  return (
    `SELECT ${id ?? 'NULL'} AS id, hash::pg_catalog.text AS hash, ${createdAt ?? 'NULL'} AS "createdAt", ${tag ?? 'NULL'} AS tag, ` +
    `${appliedAt ?? 'NULL'} AS "appliedAt", ${tellsTransactions ? 'xmin::pg_catalog.text' : 'NULL'} AS transaction ` +
    `FROM ${pg.escapeIdentifier(name.schema)}.${pg.escapeIdentifier(name.table)} ORDER BY ${order}`
  )
}

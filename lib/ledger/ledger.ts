// What a ledger is: the table in which a database records the migrations that were applied to it.
import type { LedgerName } from '../config/config.ts'

export type LedgerRow = {
  /** null where the table has no number of its own for a row. */
  id: number | null
  /** SHA-256 of the migration's text, in small hexadecimal digits. */
  hash: string
  /** The migration's `when`, in milliseconds since 1970, not the time at which it was applied; null where the table has none. */
  createdAt: number | null
  tag: string | null
  appliedAt: Date | null
  /** Alike in rows that one transaction wrote: a deploy, or a restore of all of them. Absent where the table does not tell. */
  transaction?: string
}

export type Ledger = {
  name: LedgerName
  /** In the order in which they were applied: by id, else by `created_at`. */
  rows: LedgerRow[]
}

/** The name as a person reads it: `public._drizzle_migrations`. */
export function describeLedger(name: LedgerName): string {
  return `${name.schema}.${name.table}`
}

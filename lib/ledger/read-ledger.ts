// Reads the ledger of a database.
import { USUAL_LEDGERS, type LedgerName } from '../config/config.ts'
import { RaingaugeError } from '../error.ts'
import type { Queryable } from '../postgres/client.ts'
import { listed } from '../words.ts'
import { findLedger, type FoundLedger, type Search } from './find-ledger.ts'
import { describeLedger, type Ledger, type LedgerRow } from './ledger.ts'
import { CREATED_AT_TYPES, readRowsSql } from './sql/read-rows.ts'

type RawRow = {
  id: string | number | null
  hash: string | null
  createdAt: string | null
  tag: string | null
  appliedAt: string | null
  transaction: string | null
}

/**
 * Reads the ledger of that name; null: the first of the usual ones. Of its columns only `hash` and one that tells the order must be there.
 * Throws `ledger.missing`, `ledger.invalid` and `postgres.permission`: what may not be read is never taken for empty.
 */
export async function readLedger(client: Queryable, name: LedgerName | null): Promise<Ledger> {
  const search = await findLedger(client, name)
  if (search.ledger === null) throw missing(search, name === null ? USUAL_LEDGERS : [name])
  return await readRows(client, search.ledger)
}

/** Reads the rows of a ledger that was found. Throws `ledger.invalid`. */
export async function readRows(client: Queryable, found: FoundLedger): Promise<Ledger> {
  const place = describeLedger(found.name)
  const names = found.columns.map((column) => column.name)
  if (!names.includes('hash')) {
    throw invalid(`${place} has no column hash, only ${names.join(', ')}`, 'say which table is the ledger of Drizzle')
  }
  const oddType = found.columns.find(
    (each) => each.name === 'created_at' && !CREATED_AT_TYPES.includes(each.type),
  )?.type
  if (oddType !== undefined) {
    throw invalid(
      `${place}: created_at is of type ${oddType}`,
      'Drizzle makes it a bigint of milliseconds: see which table this is',
    )
  }
  const statement = readRowsSql(found)
  if (statement === undefined) {
    throw invalid(
      `${place} has neither id nor created_at: nothing tells the order`,
      'say which table is the ledger of Drizzle',
    )
  }
  const { rows } = await client.query<RawRow>(statement)
  return {
    name: found.name,
    rows: rows.map((row, index) => parseRow(row, `${place}, row ${row.id ?? index + 1}`, names)),
  }
}

function parseRow(
  { id, hash, createdAt, tag, appliedAt, transaction }: RawRow,
  place: string,
  columns: string[],
): LedgerRow {
  if (hash === null || !/^[0-9a-f]{64}$/i.test(hash)) {
    throw invalid(
      `${place}: ${hash === null ? 'no hash' : `${JSON.stringify(hash.slice(0, 80))} is no hash`}`,
      'Drizzle writes the SHA-256 of the file: put it back, or delete the row',
    )
  }
  // In Drizzle's `ORDER BY created_at DESC LIMIT 1` NULLs come first, and it takes NULL for 0.
  if (createdAt === null && columns.includes('created_at')) {
    throw invalid(
      `${place}: created_at is empty: Drizzle would take it for the newest row, and run every migration again`,
      "set it to the migration's `when` of the journal",
    )
  }
  return {
    id: id === null ? null : Number(id),
    hash: hash.toLowerCase(),
    createdAt: createdAt === null ? null : Number(createdAt),
    tag,
    appliedAt: appliedAt === null ? null : new Date(Number(appliedAt)),
    ...(transaction === null ? {} : { transaction }),
  }
}

function missing({ database, alike }: Search, wanted: readonly LedgerName[]): RaingaugeError {
  return new RaingaugeError(
    'ledger.missing',
    `database ${database} has no ledger: looked for ${listed(wanted.map(describeLedger))}`,
    {
      remedy:
        alike.length === 0
          ? 'apply the migrations there first (raingauge migrate), or say which table records them (--ledger schema.table, or ledger in the configuration)'
          : `there is ${alike.map(describeLedger).join(', ')}: if that is it, say so (--ledger schema.table, or ledger in the configuration)`,
    },
  )
}

function invalid(message: string, remedy: string): RaingaugeError {
  return new RaingaugeError('ledger.invalid', `the ledger ${message}`, { remedy })
}

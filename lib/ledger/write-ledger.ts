// Makes and continues the ledger of a database.
import pg from 'pg'
import type { LedgerName } from '../config/config.ts'
import type { Queryable } from '../postgres/client.ts'
import { findLedger, type FoundLedger } from './find-ledger.ts'
import type { Migration } from './folder.ts'
import { describeLedger } from './ledger.ts'
import { RaingaugeError } from '../error.ts'

/**
 * Makes a ledger with Drizzle's three columns (drizzle-orm 0.45.4 `dialect.js`), so that its migrator can go on with it, and the three that
 * Drizzle lacks: `tag`, `applied_at`, and `checksum`, which is the hash whoever writes the row.
 */
export async function createLedger(client: Queryable, name: LedgerName): Promise<FoundLedger> {
  const { rows } = await client.query('SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1', [name.schema])
  // IF NOT EXISTS would want the right to create schemas even where there is nothing to create.
  if (rows.length === 0) await client.query(`CREATE SCHEMA ${pg.escapeIdentifier(name.schema)}`)
  await client.query(
    `CREATE TABLE ${tableOf(name)} (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint, tag text, ` +
      `applied_at timestamptz DEFAULT now(), checksum text GENERATED ALWAYS AS (hash) STORED)`,
  )
  const { ledger } = await findLedger(client, name)
  if (ledger === null) {
    throw new RaingaugeError('ledger.missing', `the ledger ${describeLedger(name)} is gone as soon as it was made`)
  }
  return ledger
}

/** The statement that records a migration, in the columns that the ledger has. `applied_at` is the moment, not that of the transaction. */
export function recordMigration(
  { name, columns }: FoundLedger,
  migration: Migration,
): { text: string; values: unknown[] } {
  const values: Record<string, unknown> = {
    hash: migration.hash,
    created_at: migration.when,
    tag: migration.tag,
    name: migration.tag,
    checksum: migration.hash,
  }
  const known = columns.filter((column) => column.name in values && !column.isGenerated).map((column) => column.name)
  const hasAppliedAt = columns.some((column) => column.name === 'applied_at' && column.type === 'timestamptz')
  const targets = [...known.map(pg.escapeIdentifier), ...(hasAppliedAt ? ['applied_at'] : [])]
  const sources = [
    ...known.map((_, index) => `$${index + 1}`),
    ...(hasAppliedAt ? ['pg_catalog.clock_timestamp()'] : []),
  ]
  return {
    text: `INSERT INTO ${tableOf(name)} (${targets.join(', ')}) VALUES (${sources.join(', ')})`,
    values: known.map((column) => values[column]),
  }
}

function tableOf({ schema, table }: LedgerName): string {
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`
}

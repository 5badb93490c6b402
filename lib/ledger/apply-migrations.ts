// Applies the committed migrations to a database, by Drizzle's rules.
import pg from 'pg'
import type { LedgerName } from '../config/config.ts'
import { RaingaugeError } from '../error.ts'
import { withClient } from '../postgres/client.ts'
import { codeOf } from '../postgres/classify-error.ts'
import { describeTarget, type Target } from '../postgres/target.ts'
import { findLedger } from './find-ledger.ts'
import type { Folder, Migration } from './folder.ts'
import { pendingMigrations } from './pending-migrations.ts'
import { readRows } from './read-ledger.ts'
import { readStatements } from './split-statements.ts'
import { transactionEnd } from './transaction-control.ts'
import { createLedger, recordMigration } from './write-ledger.ts'

export type ApplyOptions = {
  /** null: the first of the usual ones that is there, else `public._drizzle_migrations`, which is made. */
  ledger?: LedgerName | null
  /** The tag of the last one to apply; undefined: all. */
  upTo?: string
  /** Told of each when all of them are committed. */
  onApplied?: (tag: string) => void
  signal?: AbortSignal | undefined
}

/** Made where none of the usual ones is there: the name that the team's own queries use. */
const NEW_LEDGER: LedgerName = { schema: 'public', table: '_drizzle_migrations' }
/** Of all Raingauges on one database: the first eight bytes of sha256('raingauge migrate'), as a bigint. */
const LOCK_KEY = '-8223016272045362266'
/** A migration waits for the deploy before it this long, and no longer. */
const LOCK_TIMEOUT_MS = 60_000
/** "active SQL transaction": what refuses to run within one. */
const NOT_IN_TRANSACTION = '25001'

/**
 * Applies what Drizzle's migrator would (drizzle-orm 0.45.4 `dialect.js`, `migrate`): with its split, all in one transaction, and what is newer
 * than the newest row. Unlike it, two at once take turns (advisory lock), and what would end the transaction is refused before anything runs.
 * Throws `migrate.failed`, which names the migration and the statement, and nothing is applied then; `postgres.*`, `ledger.*`, `folder.*`.
 */
export async function applyMigrations(
  target: Target,
  folder: Folder,
  options: ApplyOptions = {},
): Promise<{ applied: string[] }> {
  const wanted = migrationsUpTo(folder, options.upTo)
  const applied = await withClient(
    target,
    'applying migrations',
    async (client) => {
      // Each statement sees what the deploy before committed, whatever the defaults of role and database.
      await client.query(`BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`)
      try {
        await client.query('SELECT pg_catalog.pg_advisory_xact_lock($1)', [LOCK_KEY])
        await client.query('SET LOCAL lock_timeout TO DEFAULT')
        const tags = await applyPending(client, target, { ...folder, migrations: wanted }, options.ledger ?? null)
        await attempt(client, 'COMMIT', `committing to ${describeTarget(target)}`)
        return tags
      } catch (error) {
        // A connection that is gone has rolled back by itself, and the first error is the one that tells.
        await client.query('ROLLBACK').catch(() => {})
        throw error
      }
    },
    // A migration may take its time: the server's own limits hold.
    { queryTimeoutMs: 0, signal: options.signal },
  )
  for (const tag of applied) options.onApplied?.(tag)
  return { applied }
}

async function applyPending(
  client: pg.Client,
  target: Target,
  folder: Folder,
  name: LedgerName | null,
): Promise<string[]> {
  const { ledger: found } = await findLedger(client, name)
  const ledger = found ?? (await createLedger(client, name ?? NEW_LEDGER))
  const pending = pendingMigrations(await readRows(client, ledger), folder)
  const chunks = new Map<Migration, string[]>()
  for (const migration of pending)
    chunks.set(migration, demandOneTransaction(migration, await readStatements(migration)))
  for (const [migration, statements] of chunks) {
    for (const [index, statement] of statements.entries()) {
      const place = `${migration.tag}, statement ${index + 1} of ${statements.length}, at ${describeTarget(target)}`
      await attempt(client, statement, place)
      if (client.getTransactionStatus() !== 'T') throw endsTransaction(place, 'it')
    }
    await attempt(client, recordMigration(ledger, migration), `recording ${migration.tag} at ${describeTarget(target)}`)
  }
  return pending.map(({ tag }) => tag)
}

async function attempt(client: pg.Client, statement: string | pg.QueryConfig, place: string): Promise<void> {
  try {
    await client.query(statement)
  } catch (cause) {
    if (!(cause instanceof pg.DatabaseError)) throw cause
    const remedy =
      codeOf(cause) === NOT_IN_TRANSACTION
        ? 'all pending migrations run in one transaction, as with Drizzle: write it so that it can (no CONCURRENTLY)'
        : 'nothing was applied: correct the migration if no environment has it yet, else mend the database'
    throw new RaingaugeError('migrate.failed', `${place}: ${cause.message}`, { remedy, cause })
  }
}

function demandOneTransaction(migration: Migration, statements: string[]): string[] {
  for (const [index, statement] of statements.entries()) {
    const end = transactionEnd(statement)
    if (end !== null) throw endsTransaction(`${migration.tag}, statement ${index + 1} of ${statements.length}`, end)
  }
  return statements
}

function endsTransaction(place: string, what: string): RaingaugeError {
  return new RaingaugeError('migrate.failed', `${place}: ${what} would end the transaction half-way`, {
    remedy:
      'all pending migrations run in one transaction, as with Drizzle: take BEGIN and COMMIT out, or run it with drizzle-kit migrate, which lets it pass',
  })
}

function migrationsUpTo(folder: Folder, upTo: string | undefined): Migration[] {
  const missing = folder.entries.find(({ tag }) => !folder.migrations.some((each) => each.tag === tag))
  if (missing !== undefined && folder.layout === 'journal') {
    throw new RaingaugeError(
      'migrate.failed',
      `${missing.tag}: the journal of ${folder.path} names it, but its SQL is missing`,
      {
        remedy: 'restore the file: Drizzle refuses the whole folder too',
      },
    )
  }
  if (upTo === undefined) return folder.migrations
  const last = folder.migrations.findIndex(({ tag }) => tag === upTo)
  if (last === -1) {
    throw new RaingaugeError('migrate.failed', `${folder.path} has no migration ${upTo}`, {
      remedy: `name one that is there, such as ${folder.migrations.at(-1)?.tag}`,
    })
  }
  return folder.migrations.slice(0, last + 1)
}

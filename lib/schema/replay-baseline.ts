// Replays migrations on a scratch database, for the schema that they must produce.
import pg from 'pg'
import type { LedgerName } from '../config/config.ts'
import type { Migration } from '../ledger/folder.ts'
import { readStatements } from '../ledger/split-statements.ts'
import { withClient } from '../postgres/client.ts'
import type { Target } from '../postgres/target.ts'
import { freshSession, makeDeployer, type SessionOptions } from './fresh-session.ts'
import { lendPlatform } from './lend-platform.ts'
import { makeRoles } from './make-roles.ts'
import type { ReplayTime } from './of-the-moment.ts'
import { extensionError, replayError } from './replay-error.ts'
import { ReplayFailure, runMigration, runStatements } from './run-migration.ts'
import { sendWithoutData } from './without-data.ts'

export type ReplayOptions = SessionOptions & {
  /** Made NOLOGIN where the server lacks them: policies and grants name them. */
  roles: readonly string[]
  /** Made before the first migration, in this order. */
  extensions?: readonly ExtensionName[]
  /** Made before the first migration, by whom that is run. */
  schemas?: readonly string[] | undefined
  /** Made empty as Drizzle makes it, for migrations that name it. null: the one that Drizzle makes. */
  ledger?: LedgerName | null
  /**
   * How many of the migrations, one after the other, are a deploy each: one transaction of one session, as Drizzle runs what is pending.
   * All of them in one is what it does on an empty database: what one adds to an enum, the next may use.
   */
  deploys?: readonly number[] | undefined
  /** True: what fails for the rows that are there, or are not, is done without them. */
  withoutData?: boolean | undefined
  /** Names of extensions that the migrations make or lean on, and this server cannot have. */
  missing?: readonly string[]
  signal?: AbortSignal | undefined
}

export type ExtensionName = { name: string; schema: string }

/** Nothing of a replay works on data: what takes longer hangs. */
const STATEMENT_TIMEOUT_MS = 300_000

/**
 * Replays the migrations on an empty scratch database, in order, with Drizzle's split; each in a transaction of its own unless `deploys`
 * tells, or without one where it refuses to be in one. Settings that a migration leaves in the session stay for the next, as in
 * Drizzle, until one fails with them. Returns when it ran.
 * Throws `scratch.replay` with the tag, the number of the statement and the server's words.
 */
export async function replayMigrations(
  target: Target,
  migrations: readonly Migration[],
  options: ReplayOptions,
): Promise<ReplayTime> {
  return await withClient(
    target,
    'replaying the migrations',
    async (client) => {
      const began = await readClock(client)
      await prepare(client, options)
      const { deploys, withoutData } = options
      const sendChunk = withoutData ? sendWithoutData(ledgerTable(options)) : undefined
      const starts = new Set(deploys?.map((_, index) => deploys.slice(0, index).reduce((sum, each) => sum + each, 0)))
      for (const [index, migration] of migrations.entries()) {
        const statements = await readStatements(migration)
        if (starts.has(index)) {
          await commitIfOpen(client)
          if (index > 0) await freshSession(client, options)
          await client.query('BEGIN')
        }
        try {
          await (deploys === undefined
            ? runMigration(client, statements, { fresh: (same) => freshSession(same, options), sendChunk })
            : runStatements(client, statements))
        } catch (error) {
          throw error instanceof ReplayFailure ? replayError(migration, statements.length, error, options) : error
        }
        // Migrations may ask what is applied.
        await client.query(
          `INSERT INTO ${ledgerTable(options)} (hash, created_at) VALUES (${pg.escapeLiteral(migration.hash)}, ${migration.when})`,
        )
      }
      await commitIfOpen(client)
      return { began, ended: await readClock(client) }
    },
    { queryTimeoutMs: STATEMENT_TIMEOUT_MS, signal: options.signal },
  )
}

function ledgerTable({ ledger }: ReplayOptions): string {
  const { schema, table } = ledger ?? { schema: 'drizzle', table: '__drizzle_migrations' }
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`
}

async function readClock(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ ms: number }>(
    'SELECT (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000)::float8 AS ms',
  )
  return rows[0]?.ms ?? Number.NaN
}

async function commitIfOpen(client: pg.Client): Promise<void> {
  if (client.getTransactionStatus() === 'T') await client.query('COMMIT')
}

async function prepare(client: pg.Client, options: ReplayOptions): Promise<void> {
  const { roles, extensions = [], platform, ledger, deployer } = options
  await makeRoles(client, roles)
  if (deployer !== undefined) await makeDeployer(client, client.database ?? '', deployer)
  if (platform) await lendPlatform(client, platform)
  for (const { name, schema } of extensions) {
    const [quotedName, quotedSchema] = [pg.escapeIdentifier(name), pg.escapeIdentifier(schema)]
    try {
      await client.query(
        `CREATE SCHEMA IF NOT EXISTS ${quotedSchema}; CREATE EXTENSION IF NOT EXISTS ${quotedName} SCHEMA ${quotedSchema} CASCADE`,
      )
    } catch (error) {
      throw error instanceof pg.DatabaseError ? extensionError(name, error) : error
    }
  }
  await freshSession(client, options)
  for (const name of options.schemas ?? []) {
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${pg.escapeIdentifier(name)}`)
  }
  // drizzle-orm 0.45.4, pg-core/dialect.js, `migrate`.
  await client.query(
    `CREATE SCHEMA IF NOT EXISTS ${pg.escapeIdentifier(ledger?.schema ?? 'drizzle')}; CREATE TABLE IF NOT EXISTS ${ledgerTable(options)}
       (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)`,
  )
}

// Makes a live database out of a project's migrations, as the project itself would have.
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import { drizzle as drizzleProxy } from 'drizzle-orm/pg-proxy'
import { migrate as migrateProxy } from 'drizzle-orm/pg-proxy/migrator'
import pg from 'pg'
import type { Platform } from '../lib/config/config.ts'
import { readFolder } from '../lib/ledger/read-folder.ts'
import { readStatements } from '../lib/ledger/split-statements.ts'
import { withClient } from '../lib/postgres/client.ts'
import type { Target } from '../lib/postgres/target.ts'
import { lendPlatform } from '../lib/schema/lend-platform.ts'
import { makeRoles } from '../lib/schema/make-roles.ts'

export type Way = {
  /** What must be there before the first migration. */
  extensions: readonly string[]
  roles: readonly string[]
  /** Whose objects the migrations lean on. */
  platform?: Platform
  /** False where migrations hold what refuses to be in one, so that only a migrator without a transaction can have run them. */
  transaction: boolean
}

/** Applies the folder with drizzle-orm's own migrator, or for Drizzle 1.x by its rules, since no release of it can be had yet. */
export async function applyProject(folder: string, target: Target, way: Way): Promise<void> {
  const { layout } = await readFolder(folder)
  await withClient(
    target,
    `applying ${folder}`,
    async (client) => {
      for (const name of way.extensions) await client.query(`CREATE EXTENSION ${pg.escapeIdentifier(name)}`)
      // Roles are the server's: one of an earlier project would tell of another platform.
      for (const name of ['supabase_admin', 'neon_superuser']) {
        if (!way.roles.includes(name)) await client.query(`DROP ROLE IF EXISTS ${name}`)
      }
      await makeRoles(client, way.roles)
      if (way.platform !== undefined) await lendPlatform(client, way.platform)
      if (layout === 'folders') return await applyFolders(folder, client, way.transaction)
      if (way.transaction) return await migrate(drizzle(client), { migrationsFolder: folder })
      const database = drizzleProxy(async (query, values) => ({ rows: (await client.query(query, values)).rows }))
      const runAll = async (queries: string[]) => {
        for (const query of queries) await client.query(query)
      }
      await migrateProxy(database, runAll, { migrationsFolder: folder })
    },
    { queryTimeoutMs: 0 },
  )
}

/** drizzle-orm 1.0, `pg-core/async/session.ts` and `up-migrations/pg.ts`: the ledger, and one transaction around everything. */
async function applyFolders(folder: string, client: pg.Client, transaction: boolean): Promise<void> {
  await client.query(
    `CREATE SCHEMA IF NOT EXISTS drizzle; CREATE TABLE drizzle.__drizzle_migrations (id SERIAL PRIMARY KEY,
       hash text NOT NULL, created_at bigint, name text, applied_at timestamp with time zone DEFAULT now())`,
  )
  if (transaction) await client.query('BEGIN')
  for (const migration of (await readFolder(folder)).migrations) {
    for (const statement of await readStatements(migration)) await client.query(statement)
    await client.query('INSERT INTO drizzle.__drizzle_migrations (hash, created_at, name) VALUES ($1, $2, $3)', [
      migration.hash,
      migration.when,
      migration.tag,
    ])
  }
  if (transaction) await client.query('COMMIT')
}

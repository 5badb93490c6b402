// drizzle-orm's own migrator, the maker of ledgers.
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import { withClient } from '../../lib/postgres/client.ts'
import type { Target } from '../../lib/postgres/target.ts'

/** Applies the folder as an application would that deploys with Drizzle; its ledger is `drizzle.__drizzle_migrations` unless told. */
export async function migrateWithDrizzle(
  target: Target,
  folder: string,
  ledger: { migrationsSchema?: string; migrationsTable?: string } = {},
): Promise<void> {
  await withClient(target, 'migrating with Drizzle', (client) =>
    migrate(drizzle(client), { migrationsFolder: folder, ...ledger }),
  )
}

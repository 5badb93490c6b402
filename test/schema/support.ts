// What several tests of this room need.
import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import type { LedgerName } from '../../lib/config/config.ts'
import type { Migration } from '../../lib/ledger/folder.ts'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import { withSnapshot, type Queryable } from '../../lib/postgres/client.ts'
import type { Target } from '../../lib/postgres/target.ts'
import type { Catalog } from '../../lib/schema/catalog.ts'
import { extractCatalog } from '../../lib/schema/extract-catalog.ts'
import type { Scratch } from '../../lib/scratch/scratch.ts'
import { execute, serverTarget } from '../support/database.ts'
import { migrationsFolder } from '../support/migrations-folder.ts'

export async function catalogOf(target: Target, ledger: LedgerName | null = null): Promise<Catalog> {
  return await withSnapshot(target, 'testing', (client) => extractCatalog(client, { ledger }))
}

/** The catalog once these statements ran, which are taken back; `planned` is the same client with kept plans. */
export async function catalogAfter(
  client: pg.Client,
  statements: string,
  planned: Queryable = client,
): Promise<Catalog> {
  await client.query('BEGIN')
  try {
    await client.query(statements)
    await client.query(`SET LOCAL search_path = ''`)
    return await extractCatalog(planned, { ledger: null })
  } finally {
    await client.query('ROLLBACK')
  }
}

/** Migrations of a folder; a text alone gets a tag from its place. */
export async function migrationsOf(...texts: string[]): Promise<Migration[]> {
  const folder = await migrationsFolder(texts.map((sql, index) => ({ tag: `000${index}_test`, sql })))
  return (await readFolder(folder)).migrations
}

/** Scratch databases on the servers that the tests share, and how many were lent. */
export function testScratch(): Scratch & { lent: number } {
  return {
    lent: 0,
    async withDatabase(major, use) {
      this.lent++
      const name = `scratch_${randomBytes(6).toString('hex')}`
      await execute(serverTarget(major), `CREATE DATABASE ${name} TEMPLATE template0 STRATEGY FILE_COPY`)
      try {
        return await use(serverTarget(major, name), { road: 'embedded', missing: [] })
      } finally {
        await execute(serverTarget(major), `DROP DATABASE ${name} WITH (FORCE)`)
      }
    },
  }
}

// Migrations folders for tests, as drizzle-kit 0.x writes them: SQL files, a journal and a chain of snapshots.
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { testFolder } from './directory.ts'

export type TestMigration = { tag: string; sql: string; when?: number }

/** The `when` of the first migration, unless told; each next one is a minute later. */
export const FIRST_WHEN = 1_700_000_000_000
const A_MINUTE = 60_000

/** A journal-layout folder of these migrations, in this order, that drizzle-kit check finds fine; removed when the test ends. */
export async function migrationsFolder(migrations: TestMigration[]): Promise<string> {
  const folder = testFolder()
  await writeMigrations(folder, migrations)
  return folder
}

/** Writes the migrations over whatever the folder holds, as a later commit of the same folder would. */
export async function writeMigrations(folder: string, migrations: TestMigration[]): Promise<void> {
  await mkdir(join(folder, 'meta'), { recursive: true })
  const entries = migrations.map(({ tag, when }, idx) => ({
    idx,
    version: '7',
    when: when ?? FIRST_WHEN + idx * A_MINUTE,
    tag,
    breakpoints: true,
  }))
  await writeFile(journalPath(folder), JSON.stringify({ version: '7', dialect: 'postgresql', entries }, null, 2))
  for (const [idx, { tag, sql }] of migrations.entries()) {
    await writeFile(join(folder, `${tag}.sql`), sql)
    await writeFile(snapshotPath(folder, tag), JSON.stringify(snapshot(idx)))
  }
}

export function journalPath(folder: string): string {
  return join(folder, 'meta', '_journal.json')
}

/** drizzle-kit names a snapshot after what stands before the first `_` of the tag. */
export function snapshotPath(folder: string, tag: string): string {
  return join(folder, 'meta', `${tag.split('_')[0]}_snapshot.json`)
}

/** What drizzle-kit writes for an empty schema; each snapshot names the one before it. */
export function snapshot(idx: number): Record<string, unknown> {
  return {
    id: snapshotId(idx),
    prevId: idx === 0 ? '00000000-0000-0000-0000-000000000000' : snapshotId(idx - 1),
    version: '7',
    dialect: 'postgresql',
    tables: {},
    enums: {},
    schemas: {},
    sequences: {},
    roles: {},
    policies: {},
    views: {},
    _meta: { columns: {}, schemas: {}, tables: {} },
  }
}

function snapshotId(idx: number): string {
  const digest = createHash('sha256').update(`snapshot ${idx}`).digest('hex')
  return digest.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5')
}

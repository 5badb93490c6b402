// A release of the watched application, after its stack was deployed: one migration more, applied to its databases and then published by its pipeline.
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { applyMigrations } from '../../lib/ledger/apply-migrations.ts'
import { publishFolder, type Published } from '../../lib/ledger/published/publish-folder.ts'
import { UnpackedFolders } from '../../lib/ledger/published/unpacked-folders.ts'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { s3Store } from '../../lib/store/s3-store.ts'
import { testFolder } from './directory.ts'
import { s3Client } from './s3.ts'
import type { S3StandIn } from './s3-stand-in.ts'

type Journal = { entries: { idx: number; when: number; tag: string }[] }

/** The tag of the release's migration. */
export const RELEASED = '0099_release'

/** A copy of the folder with one migration more, and its snapshot, applied to the databases. */
export async function release(migrations: string, databases: readonly Target[]): Promise<string> {
  const folder = testFolder()
  cpSync(migrations, folder, { recursive: true })
  const path = join(folder, 'meta', '_journal.json')
  const journal = readJson(path) as Journal
  const last = journal.entries.at(-1)
  if (last === undefined) throw new Error('there is nothing to come after')
  const next = { ...last, idx: last.idx + 1, when: last.when + 60_000, tag: RELEASED }
  writeFileSync(path, JSON.stringify({ ...journal, entries: [...journal.entries, next] }))
  writeFileSync(join(folder, `${RELEASED}.sql`), 'CREATE TABLE "released" ("id" integer PRIMARY KEY);\n')
  const before = readJson(join(folder, 'meta', `${last.tag.split('_')[0]}_snapshot.json`)) as { id: string }
  const snapshot = { ...before, id: '00000000-0000-4000-8000-000000000099', prevId: before.id }
  writeFileSync(join(folder, 'meta', '0099_snapshot.json'), JSON.stringify(snapshot))
  for (const database of databases) await applyMigrations(database, await readFolder(folder))
  return folder
}

/** What the pipeline does, with rights of its own. */
export async function publishTo(s3: S3StandIn, project: string, path: string): Promise<Published> {
  const client = s3Client(s3)
  const { authorize } = s3
  s3.authorize = () => true
  try {
    await using unpacked = new UnpackedFolders(testFolder())
    const store = s3Store(client, { bucket: s3.bucketName, prefix: '' })
    return await publishFolder({ store, project, path, now: () => new Date(), unpacked })
  } finally {
    s3.authorize = authorize
    client.destroy()
  }
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8')) as unknown
}

// Reads a folder of committed migrations, in the layout of Drizzle 0.x or 1.x.
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { RaingaugeError, messageOf } from '../error.ts'
import { codeOf } from '../postgres/classify-error.ts'
import { snapshotPath, sqlPath, type Folder, type FolderEntry, type Migration } from './folder.ts'
import { parseJournal } from './journal.ts'
import { hashOf, withOtherEndings } from './migration-text.ts'

/**
 * Reads the folder as Drizzle does: drizzle-orm 0.45 `migrator.js`, and 1.0 (folders `YYYYMMDDHHMMSS_name`, ordered by `localeCompare`,
 * the stamp taken as UTC). An entry whose SQL is not there is in `entries` only: {@link checkFolder} tells of it.
 * Throws `folder.missing` where there is no such folder, `folder.invalid` where it cannot be read or is no migrations folder.
 */
export async function readFolder(path: string): Promise<Folder> {
  const absolute = resolve(path)
  const names = await list(absolute, absolute)
  const journal = join(absolute, 'meta', '_journal.json')
  const text = names.folders.includes('meta') ? await readIfThere(journal) : undefined
  if (text !== undefined) {
    const meta = await list(join(absolute, 'meta'), absolute)
    const files = names.files.filter((name) => name.endsWith('.sql'))
    const snapshots = meta.files.filter((name) => name.endsWith('_snapshot.json')).map((name) => `meta/${name}`)
    return await readMigrations('journal', absolute, parseJournal(text, journal), files, snapshots)
  }
  const entries = stampedEntries(names.folders)
  if (entries.length === 0) throw noMigrations(absolute)
  const files = names.files.filter((name) => name.endsWith('.sql'))
  const snapshots: string[] = []
  for (const { tag } of entries) {
    const { files: inside } = await list(join(absolute, tag), absolute)
    if (inside.includes('migration.sql')) files.push(sqlPath('folders', tag))
    if (inside.includes('snapshot.json')) snapshots.push(snapshotPath('folders', tag))
  }
  return await readMigrations('folders', absolute, entries, files, snapshots)
}

async function readMigrations(
  layout: Folder['layout'],
  path: string,
  entries: FolderEntry[],
  files: string[],
  snapshots: string[],
): Promise<Folder> {
  const migrations: Migration[] = []
  const otherEndings: Folder['otherEndings'] = {}
  for (const { tag, when, idx } of entries) {
    const file = join(path, sqlPath(layout, tag))
    const text = await readIfThere(file)
    if (text === undefined) continue
    const hash = hashOf(text)
    migrations.push({ tag, hash, when, idx, path: file })
    otherEndings[hash] = withOtherEndings(text).map(hashOf)
  }
  return { path, layout, migrations, entries, files, snapshots, otherEndings }
}

function stampedEntries(folders: string[]): FolderEntry[] {
  const entries: FolderEntry[] = []
  for (const tag of folders.toSorted((a, b) => a.localeCompare(b))) {
    const stamp = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:_|$)/.exec(tag)?.slice(1).map(Number)
    if (stamp === undefined) continue
    const [year = 0, month = 0, day, hour, minute, second] = stamp
    entries.push({ tag, when: Date.UTC(year, month - 1, day, hour, minute, second), idx: entries.length })
  }
  return entries
}

async function list(path: string, folder: string): Promise<{ files: string[]; folders: string[] }> {
  try {
    const entries = await readdir(path, { withFileTypes: true })
    const folders = entries.filter((each) => each.isDirectory()).map(({ name }) => name)
    return {
      files: entries
        .map(({ name }) => name)
        .filter((name) => !folders.includes(name))
        .toSorted(),
      folders,
    }
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') {
      throw new RaingaugeError('folder.missing', `there is no migrations folder ${folder}`, {
        remedy: 'check the path, which starts at the configuration file; drizzle-kit generate makes the folder',
        cause,
      })
    }
    throw unreadable(path, cause)
  }
}

/** Decoded as Drizzle does: bytes that are no UTF-8 become U+FFFD, and the hash is taken after that. */
async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined
    throw unreadable(path, cause)
  }
}

function unreadable(path: string, cause: unknown): RaingaugeError {
  const words = messageOf(cause)
  return new RaingaugeError('folder.invalid', `cannot read ${path}: ${words}`, {
    remedy: 'see that it is what it should be, and that this user may read it',
    cause,
  })
}

function noMigrations(path: string): RaingaugeError {
  return new RaingaugeError(
    'folder.invalid',
    `${path} holds no migrations: neither meta/_journal.json nor <stamp>_<name>/migration.sql`,
    { remedy: 'name the folder that drizzle-kit generate writes (`out` in drizzle.config.ts)' },
  )
}

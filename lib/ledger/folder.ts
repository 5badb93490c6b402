// What a folder of committed migrations is, in either of Drizzle's two layouts.

import type { FolderOrigin } from '../run.ts'

export type Migration = {
  /** Such as `0003_add_invoice`: the name of the file, or of the folder in Drizzle 1.x. */
  tag: string
  /** SHA-256 in hexadecimal of the SQL as Drizzle reads it: the whole text as UTF-8. */
  hash: string
  /** Milliseconds since 1970: what Drizzle writes to `created_at`. Not when it was applied. */
  when: number
  /** As the journal says; in Drizzle 1.x the place in the folder. */
  idx: number
  /** Absolute. */
  path: string
}

/** What the folder names, whether the SQL is there or not. */
export type FolderEntry = Pick<Migration, 'tag' | 'when' | 'idx'>

export type Folder = {
  /** Absolute. */
  path: string
  /** `journal`: `meta/_journal.json` (Drizzle 0.x). `folders`: `<stamp>_<name>/migration.sql` (Drizzle 1.x). */
  layout: 'journal' | 'folders'
  /** Those whose SQL is there, in the order in which Drizzle runs them. */
  migrations: Migration[]
  /** In the same order. */
  entries: FolderEntry[]
  /** Paths of the SQL that is there, relative to the folder. */
  files: string[]
  /** Paths of the snapshots that are there, relative to the folder. */
  snapshots: string[]
  /** By the hash of a migration: the hashes that the same text has with other line endings. */
  otherEndings: Record<string, string[]>
  /** Absent: it was read where it lies. */
  origin?: FolderOrigin
}

/** Where the SQL of an entry is, relative to the folder. */
export function sqlPath(layout: Folder['layout'], tag: string): string {
  return layout === 'journal' ? `${tag}.sql` : `${tag}/migration.sql`
}

/** Where drizzle-kit puts the snapshot of a migration: in 0.x under what stands before the first `_` of the tag (`writeResult`). */
export function snapshotPath(layout: Folder['layout'], tag: string): string {
  return layout === 'journal' ? `meta/${tag.split('_')[0]}_snapshot.json` : `${tag}/snapshot.json`
}

// What killed backups leave: uploads that were never ended, and files of archives that never came to exist.
import { hasCode } from '../error.ts'
import { archiveKey, archivePrefix, parseArchiveKey } from '../store/keys.ts'
import type { Store, StoredObject } from '../store/store.ts'
import { sweepUnfinished } from '../store/sweep.ts'

/** What was removed. Of unfinished uploads nobody knows the size, so `bytes` counts whole files only. */
export type Swept = { uploads: number; files: number; bytes: number }

/** Clocks differ by less, or S3 answers nothing at all (RequestTimeTooSkewed). */
export const SAFE_AGE_MS = 3_600_000

/**
 * Removes what killed backups of an environment left behind before `before`. Whoever calls holds the environment's lease, so
 * that no backup is at work there but its own, which is younger. Archives that exist are not touched. Throws what the store throws.
 */
export async function sweepLeftovers(store: Store, project: string, environment: string, before: Date): Promise<Swept> {
  const prefix = archivePrefix(project, environment)
  const swept: Swept = { uploads: (await sweepUnfinished(store, prefix, before)).length, files: 0, bytes: 0 }
  for (const [id, files] of await foldersWithoutManifest(store, prefix)) {
    if (files.some(({ modifiedAt }) => modifiedAt >= before)) continue
    // Nothing is deleted on the word of a list alone.
    if ((await store.get(archiveKey(project, environment, id, 'manifest.json'))) !== null) continue
    for (const { key, bytes } of files) {
      if (!(await isDeleted(store, key))) continue
      swept.files += 1
      swept.bytes += bytes
    }
  }
  return swept
}

/** The files of each archive, by its id, that has no manifest. */
async function foldersWithoutManifest(store: Store, prefix: string): Promise<Map<string, StoredObject[]>> {
  const folders = new Map<string, StoredObject[]>()
  const existing = new Set<string>()
  for await (const object of store.list(prefix)) {
    const parsed = parseArchiveKey(object.key)
    if (parsed === null) continue
    if (parsed.file === 'manifest.json') existing.add(parsed.id)
    folders.set(parsed.id, [...(folders.get(parsed.id) ?? []), object])
  }
  for (const id of existing) folders.delete(id)
  return folders
}

/** False for what is kept by a promise: a later sweep gets it. */
async function isDeleted(store: Store, key: string): Promise<boolean> {
  try {
    await store.delete(key)
    return true
  } catch (error) {
    if (hasCode(error, 'store.retained')) return false
    throw error
  }
}

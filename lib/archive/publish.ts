// The last step of a backup: its catalog, then its manifest. Until the manifest is there, there is no archive.
import { describeError, RaingaugeError } from '../error.ts'
import { archiveKey, type ArchiveFile } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import type { Manifest } from './manifest.ts'

/** Makes the archive exist, whose bytes are in the store already; takes those back when it cannot. */
export async function publish(
  store: Store,
  what: { catalog: Uint8Array | null; manifest: Manifest },
  signal: AbortSignal | undefined,
): Promise<void> {
  const { project, environment, id } = what.manifest
  const key = (file: ArchiveFile) => archiveKey(project, environment, id, file)
  const manifest = Buffer.from(JSON.stringify(what.manifest))
  try {
    signal?.throwIfAborted()
    if (what.catalog !== null) await store.put(key('catalog.json.zst'), what.catalog, 'absent')
    await store.put(key('manifest.json'), manifest, 'absent')
  } catch (error) {
    const arrived = await takingBack(store.locate(key('archive.dump.zst')), error, async () => {
      const present = await store.get(key('manifest.json'))
      if (present !== null) return present.body.equals(manifest)
      for (const file of ['manifest.json', 'catalog.json.zst', 'archive.dump.zst'] as const) {
        await store.delete(key(file))
      }
      return false
    })
    // Only the answer to the last write was lost.
    if (arrived) return
    throw error
  }
}

/** Undoes what was begun at `location` after `error`. Where that fails as well, throws an error that says both. */
export async function takingBack<T>(location: string, error: unknown, undo: () => Promise<T>): Promise<T> {
  try {
    return await undo()
  } catch (second) {
    throw new RaingaugeError(
      error instanceof RaingaugeError ? error.code : 'store.unavailable',
      `${describeError(error)}; then ${location} could not be taken back: ${describeError(second)}`,
      { remedy: 'there is no archive: remove what is left of it there', cause: error },
    )
  }
}

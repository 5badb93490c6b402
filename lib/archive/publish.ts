// The last step of a backup: its attachments, then its manifest. Until the manifest is there, there is no archive.
import { describeError, RaingaugeError } from '../error.ts'
import { archiveKey } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import { partOf, type SealedFile } from './part-key.ts'
import type { Manifest } from './manifest.ts'

/** A small part beside the archive, as it is stored. */
export type Attachment = { file: SealedFile; bytes: Uint8Array; sha256: string }

/** Makes the archive exist, whose bytes are in the store already; takes those back when it cannot. */
export async function publish(
  store: Store,
  what: { attachments: readonly Attachment[]; manifest: Manifest },
  signal: AbortSignal | undefined,
): Promise<void> {
  const { project, environment, id } = what.manifest
  const part = (file: SealedFile) => partOf(what.manifest, file)
  const manifestKey = archiveKey(project, environment, id, 'manifest.json')
  const manifest = Buffer.from(JSON.stringify(what.manifest))
  try {
    signal?.throwIfAborted()
    for (const { file, bytes } of what.attachments) await store.put(part(file), bytes, 'absent')
    await store.put(manifestKey, manifest, 'absent')
  } catch (error) {
    const arrived = await takingBack(store.locate(part('archive.dump.zst')), error, async () => {
      const present = await store.get(manifestKey)
      if (present !== null) return present.body.equals(manifest)
      for (const { file } of what.attachments) await store.delete(part(file))
      await store.delete(part('archive.dump.zst'))
      // A write that was given up may arrive late. Deleting a manifest is a right that functions do not have.
      if ((await store.get(manifestKey)) !== null) await store.delete(manifestKey)
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

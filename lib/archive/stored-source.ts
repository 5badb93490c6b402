import type { Secret } from '../secret.ts'
import type { Store } from '../store/store.ts'
import type { ArchiveSource } from './archive-source.ts'
import { partOf } from './part-key.ts'
import type { Manifest } from './manifest.ts'
import { readArchive } from './read-archive.ts'
import { framedSource } from './read-frames.ts'

/** An archive in a store, read by ranges; one that is encrypted, which `identity` opens, from front to back. */
export function storedSource(store: Store, manifest: Manifest, identity: Secret | null): ArchiveSource {
  const key = partOf(manifest, 'archive.dump.zst')
  const location = store.locate(key)
  if (manifest.envelope === null) return framedSource(manifest, location, (range) => store.read(key, range))
  return { kind: 'stream', location, rawBytes: manifest.rawBytes, bytes: readArchive(store, manifest, identity) }
}

// How the parts of an archive are opened, where they are encrypted.
import { createHash } from 'node:crypto'
import type { Secret } from '../secret.ts'
import type { Store } from '../store/store.ts'
import { corrupt } from './corrupt.ts'
import type { Manifest } from './manifest.ts'
import { partOf, type SealedFile } from './part-key.ts'

/**
 * The stored bytes of the archive, decrypted where it is encrypted: then from front to back only. Throws `archive.locked` without the
 * right key, `archive.corrupt`, and what the store throws.
 */
export async function* readStored(
  store: Store,
  manifest: Manifest,
  identity: Secret | null,
): AsyncGenerator<Uint8Array, void, void> {
  const { envelope } = manifest
  const key = partOf(manifest, 'archive.dump.zst')
  if (envelope === null) {
    yield* store.read(key)
    return
  }
  const { decryptAge, locked } = await import('./age.ts')
  if (identity === null) throw locked(store.locate(key))
  yield* decryptAge(identity, hashed(store.read(key), envelope, store.locate(key)), store.locate(key))
}

/** Reads an encrypted archive without opening it. Throws `archive.corrupt` where it is not what was written, and what the store throws. */
export async function verifyEnvelope(
  store: Store,
  manifest: Manifest,
  progress?: (bytes: number) => void,
): Promise<void> {
  if (manifest.envelope === null) return
  const key = partOf(manifest, 'archive.dump.zst')
  let bytes = 0
  for await (const chunk of hashed(store.read(key), manifest.envelope, store.locate(key))) {
    bytes += chunk.byteLength
    progress?.(bytes)
  }
}

/** The catalog that was kept beside the archive, as it was given; null where none was. Throws `archive.corrupt` and `archive.locked`. */
export async function readKeptCatalog(
  store: Store,
  manifest: Manifest,
  identity: Secret | null,
): Promise<Uint8Array | null> {
  const { catalog } = manifest
  return catalog === null ? null : await openPart(store, manifest, 'catalog.json.zst', catalog.sha256, identity)
}

/** The globals.sql that was kept beside the archive; null where none was. Throws `archive.corrupt` and `archive.locked`. */
export async function readKeptGlobals(
  store: Store,
  manifest: Manifest,
  identity: Secret | null,
): Promise<string | null> {
  const { globals } = manifest
  if (globals === null) return null
  return Buffer.from(await openPart(store, manifest, 'globals.sql', globals.sha256, identity)).toString('utf8')
}

async function openPart(
  store: Store,
  manifest: Manifest,
  file: SealedFile,
  sha256: string,
  identity: Secret | null,
): Promise<Uint8Array> {
  const bytes = await readPart(store, manifest, file, sha256)
  if (manifest.envelope === null) return bytes
  const { decryptWhole, locked } = await import('./age.ts')
  const location = store.locate(partOf(manifest, file))
  if (identity === null) throw locked(location)
  return await decryptWhole(identity, bytes, location)
}

/** A small part as it is stored. Throws `archive.corrupt` where it is missing or another. */
export async function readPart(
  store: Store,
  manifest: Manifest,
  file: SealedFile,
  sha256: string,
): Promise<Uint8Array> {
  const key = partOf(manifest, file)
  const stored = await store.get(key)
  if (stored === null) throw corrupt(`${store.locate(key)} is missing`)
  if (createHash('sha256').update(stored.body).digest('hex') !== sha256) {
    throw corrupt(`${store.locate(key)} has another SHA-256`)
  }
  return stored.body
}

async function* hashed(
  source: AsyncIterable<Uint8Array>,
  { bytes, sha256 }: { bytes: number; sha256: string },
  location: string,
): AsyncGenerator<Uint8Array, void, void> {
  const hash = createHash('sha256')
  let read = 0
  for await (const chunk of source) {
    hash.update(chunk)
    read += chunk.byteLength
    if (read > bytes) throw corrupt(`${location} is longer than its manifest says`)
    yield chunk
  }
  if (read < bytes) throw corrupt(`${location} has ${read} bytes, and its manifest says ${bytes}`)
  if (hash.digest('hex') !== sha256) throw corrupt(`${location} has another SHA-256`)
}

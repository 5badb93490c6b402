// Reads an archive back, frame by frame, every hash checked before a byte of the frame is believed.
import { createHash } from 'node:crypto'
import type { Secret } from '../secret.ts'
import type { Store } from '../store/store.ts'
import { corrupt } from './corrupt.ts'
import { decodeFrame } from './decode-frame.ts'
import { readStored } from './envelope.ts'
import { giveBack } from './give-back.ts'
import { partOf } from './part-key.ts'
import type { Frame, Manifest } from './manifest.ts'
import { cutIntoFrames } from './read-frames.ts'

/**
 * The uncompressed archive of this manifest; `identity` opens one that is encrypted (`archive.locked` without). Holds one stored frame at a time. Throws `archive.corrupt` naming the frame when
 * anything is not what the manifest says, at the latest in place of the end; what the store throws is thrown on.
 */
export async function* readArchive(
  store: Store,
  manifest: Manifest,
  identity: Secret | null,
): AsyncGenerator<Buffer, void, void> {
  const location = store.locate(partOf(manifest, 'archive.dump.zst'))
  const stored = createHash('sha256')
  const raw = createHash('sha256')
  let number = 0
  for await (const bytes of cutIntoFrames(readStored(store, manifest, identity), manifest.frames, location)) {
    const frame = manifest.frames[number] as Frame
    const name = `frame ${++number} of ${manifest.frames.length} of ${location}`
    if (createHash('sha256').update(bytes).digest('hex') !== frame.sha256) throw corrupt(`${name} has another SHA-256`)
    stored.update(bytes)
    for await (const chunk of decodeFrame(bytes, frame.raw.bytes, name)) {
      raw.update(chunk)
      yield chunk
    }
    giveBack(bytes)
  }
  if (stored.digest('hex') !== manifest.sha256.stored) throw corrupt(`${location} has another SHA-256 as a whole`)
  if (raw.digest('hex') !== manifest.sha256.raw) throw corrupt(`${location} decodes to another SHA-256`)
}

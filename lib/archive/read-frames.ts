// Ranges of an archive out of its frames: only the frames that hold them are read, and each is checked before a byte of it is believed.
import { createHash } from 'node:crypto'
import type { RangedSource, RawRange } from './archive-source.ts'
import { corrupt } from './corrupt.ts'
import { decodeFrame } from './decode-frame.ts'
import { giveBack } from './give-back.ts'
import type { Frame, Manifest } from './manifest.ts'
import { blocksOfManifest } from './restore/data-groups.ts'

/** The stored bytes `[start, end)` of an archive. */
export type ReadStored = (range: { start: number; end: number }) => AsyncIterable<Uint8Array>

/** An archive with a manifest, wherever its bytes are read from. */
export function framedSource(manifest: Manifest, location: string, readStored: ReadStored): RangedSource {
  const { frames, rawBytes } = manifest
  return {
    kind: 'ranges',
    location,
    rawBytes,
    headWithin: manifest.tables[0]?.raw.start ?? rawBytes,
    read: (range) => readFrames(frames, range, location, readStored),
    blocks: (head, headEnd) => blocksOfManifest(head, headEnd, manifest),
    pieceAt: (offset) => frameAt(frames, offset),
  }
}

/** The number of the frame that holds the raw byte; that of the last one for what lies beyond. */
function frameAt(frames: readonly Frame[], offset: number): number {
  let low = 0
  let high = frames.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((frames[middle] as Frame).raw.start <= offset) low = middle
    else high = middle - 1
  }
  return low
}

async function* readFrames(
  frames: readonly Frame[],
  { start, end }: RawRange,
  location: string,
  readStored: ReadStored,
): AsyncGenerator<Buffer, void, void> {
  if (start >= end) return
  const first = frameAt(frames, start)
  const needed = frames.slice(first, frameAt(frames, end - 1) + 1)
  const from = needed[0]?.stored.start ?? 0
  const to = needed.at(-1)?.stored
  const stored = readStored({ start: from, end: to === undefined ? from : to.start + to.bytes })
  const place = { before: first, of: frames.length }
  let number = first
  for await (const bytes of oneAhead(cutIntoFrames(stored, needed, location, place))) {
    const frame = frames[number] as Frame
    const name = `frame ${++number} of ${frames.length} of ${location}`
    if (createHash('sha256').update(bytes).digest('hex') !== frame.sha256) throw corrupt(`${name} has another SHA-256`)
    let offset = frame.raw.start
    for await (const chunk of decodeFrame(bytes, frame.raw.bytes, name)) {
      const piece = chunk.subarray(Math.max(0, start - offset), Math.max(0, end - offset))
      offset += chunk.length
      if (piece.length > 0) yield piece
    }
  }
}

/** Reads the next frame while the last is worked on. */
async function* oneAhead(frames: AsyncGenerator<Buffer, void, void>): AsyncGenerator<Buffer, void, void> {
  try {
    for (let next = frames.next(); ;) {
      const { value, done } = await next
      if (done === true) return
      next = frames.next()
      // Whoever comes for it is told.
      next.catch(() => {})
      yield value
    }
  } finally {
    await frames.return()
  }
}

/** The stored bytes of each frame in turn; `place`: how many come before them, and of how many. Throws when there are fewer or more. */
export async function* cutIntoFrames(
  source: AsyncIterable<Uint8Array>,
  frames: readonly Frame[],
  location: string,
  place = { before: 0, of: frames.length },
): AsyncGenerator<Buffer, void, void> {
  let parts: Buffer[] = []
  let gathered = 0
  let number = 0
  for await (const chunk of source) {
    let rest = chunk
    while (rest.byteLength > 0) {
      const frame = frames[number]
      if (frame === undefined) throw corrupt(`${location} is longer than its manifest says`)
      const piece = rest.subarray(0, frame.stored.bytes - gathered)
      // A copy: a store may use its buffers again.
      parts.push(Buffer.from(piece))
      gathered += piece.byteLength
      rest = rest.subarray(piece.byteLength)
      if (gathered < frame.stored.bytes) continue
      const whole = Buffer.concat(parts)
      for (const part of parts) giveBack(part)
      parts = []
      yield whole
      gathered = 0
      number++
    }
  }
  if (number < frames.length)
    throw corrupt(`${location} breaks off in frame ${place.before + number + 1} of ${place.of}`)
}

import { createHash, randomBytes } from 'node:crypto'
import { zstdDecompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { FRAME_LIMITS, frameCuts } from '../../lib/archive/frame-cuts.ts'
import { FrameWriter } from '../../lib/archive/frame-writer.ts'

const limits = { least: 10, most: 100 }

test.each([
  ['nothing to cut', [0, 0], 50, [], []],
  ['a table that is large enough', [0, 0], 50, [30], [30]],
  ['a cut at the very end', [0, 0], 50, [50], [50]],
  ['small tables share a frame as long as it stays small', [0, 0], 24, [1, 2, 9, 10, 11, 19, 20], [10, 20]],
  ['a small table before a large one', [0, 0], 50, [4, 30], [4, 30]],
  ['a small table before one that turns out large', [0, 4], 50, [], [4]],
  ['the same, long known to be small', [0, 4], 10, [], []],
  ['a small table after a large one', [0, 0], 41, [30, 35, 41], [30, 35]],
  ['a frame that was begun in an earlier chunk', [5, 5], 60, [44], [44]],
  ['a frame that grows over the limit', [0, 0], 130, [], [100]],
  ['a chunk of many frames', [0, 0], 350, [120, 340], [100, 120, 220, 320, 340]],
  ['small tables around one of many frames', [0, 0], 250, [3, 6, 240, 245], [6, 106, 206, 240]],
] as const)('%s', (_, [start, boundary], to, boundaries, cuts) => {
  expect(frameCuts({ start, boundary }, to, boundaries, limits).cuts).toEqual(cuts)
})

test.each([1, 7, 40, 1_000])(
  'the cuts are the same in chunks of %i, and the frames make up what was written',
  async (size) => {
    const ends = [4, 30, 31, 33, 36, 41, 290, 295, 299, 310]
    const raw = Buffer.from(Array.from({ length: 320 }, (_, index) => index & 0xff))
    const stored: Uint8Array[] = []
    const writer = new FrameWriter(async (chunk) => void stored.push(Uint8Array.from(chunk)), limits)
    for (let at = 0; at < raw.length; at += size) {
      const to = Math.min(at + size, raw.length)
      await writer.write(
        raw.subarray(at, to),
        ends.filter((end) => end > at && end <= to),
      )
    }
    const { frames, rawBytes, sha256 } = await writer.finish()
    expect(frames.map((frame) => frame.raw.start)).toEqual([0, 4, 30, 36, 41, 141, 241, 290, 299, 310])
    const file = Buffer.concat(stored)
    const pieces = frames.map((frame) => file.subarray(frame.stored.start, frame.stored.start + frame.stored.bytes))
    expect(Buffer.concat(pieces.map((piece) => zstdDecompressSync(piece)))).toEqual(raw)
    expect(rawBytes).toBe(raw.length)
    expect(sha256.raw).toBe(createHash('sha256').update(raw).digest('hex'))
  },
)

test('by default, thousands of empty tables share one frame', async () => {
  const writer = new FrameWriter(async () => {})
  for (let table = 0; table < 2_000; table++) await writer.write(Buffer.alloc(21), [(table + 1) * 21])
  expect((await writer.finish()).frames).toHaveLength(1)
  expect(FRAME_LIMITS).toEqual({ least: 1 << 20, most: 1 << 23 })
})

test('frames grow where an archive is large, so that the manifest stays a small part of it', () => {
  const { cuts } = frameCuts({ start: 2048 * 150, boundary: 2048 * 150 }, 2048 * 150 + 400, [], limits)
  expect(cuts).toEqual([2048 * 150 + 150, 2048 * 150 + 300])
  expect(frameCuts({ start: 1e9, boundary: 1e9 }, 1e9 + 900, [], limits).cuts).toEqual([1e9 + 400, 1e9 + 800])
})

function failingWriter(): FrameWriter {
  return new FrameWriter(async () => {
    throw new Error('disk full')
  }, limits)
}

test('a sink that fails ends the writing, at the latest with the last frame', async () => {
  await expect(failingWriter().write(Buffer.alloc(400))).rejects.toThrow('disk full')
  const writer = failingWriter()
  await writer.write(Buffer.alloc(40))
  await expect(writer.finish()).rejects.toThrow('disk full')
  await expect(writer.write(Buffer.alloc(40))).rejects.toThrow('disk full')
})

test('a sink that is slow is given one frame at a time, and holds the writing back', async () => {
  const given: (() => void)[] = []
  const writer = new FrameWriter(() => new Promise<void>((resolve) => given.push(resolve)), limits)
  let taken = 0
  const writing = (async () => {
    for (; taken < 10; taken++) await writer.write(randomBytes(100))
    return await writer.finish()
  })()
  await expect.poll(() => given.length).toBe(1)
  await expect.poll(() => taken).toBe(3)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect({ given: given.length, taken }).toEqual({ given: 1, taken: 3 })
  const done = writing.then(() => true)
  for (let next = 0; next < 10; next++) {
    await expect.poll(() => given.length).toBe(next + 1)
    given[next]?.()
  }
  expect(await done).toBe(true)
})

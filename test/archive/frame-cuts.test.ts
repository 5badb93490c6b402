import { expect, test } from 'vitest'
import { FRAME_LIMITS, frameCuts } from '../../lib/archive/frame-cuts.ts'
import { FrameWriter } from '../../lib/archive/frame-writer.ts'

const limits = { least: 10, most: 100 }

test.each([
  ['nothing to cut', 0, 0, 50, [], []],
  ['a table that is large enough', 0, 0, 50, [30], [30]],
  ['a cut at the very end', 0, 0, 50, [50], [50]],
  ['tables too small for a frame of their own', 0, 0, 50, [1, 2, 9, 10, 11, 19, 20], [10, 20]],
  ['a small table after a large one', 0, 0, 50, [30, 35, 41], [30, 41]],
  ['a frame that was begun in an earlier chunk', 5, 40, 60, [44], [44]],
  ['a frame that grows over the limit', 0, 90, 130, [], [100]],
  ['a chunk of many frames', 0, 0, 350, [120, 340], [100, 120, 220, 320, 340]],
  ['a boundary of an earlier chunk', 0, 50, 60, [50], []],
])('%s', (_, frameStart, from, to, boundaries, cuts) => {
  expect(frameCuts(frameStart, from, to, boundaries, limits)).toEqual(cuts)
})

test('by default, thousands of empty tables share one frame', async () => {
  const writer = new FrameWriter(async () => {})
  for (let table = 0; table < 2_000; table++) await writer.write(Buffer.alloc(21), [(table + 1) * 21])
  expect((await writer.finish()).frames).toHaveLength(1)
  expect(FRAME_LIMITS).toEqual({ least: 1 << 20, most: 1 << 26 })
})

test('a sink that fails ends the writing', async () => {
  const writer = new FrameWriter(async () => {
    throw new Error('disk full')
  }, limits)
  await expect(writer.write(Buffer.alloc(200))).rejects.toThrow('disk full')
  writer.destroy()
})

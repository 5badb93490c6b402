import { expect, test } from 'vitest'
import { LARGEST_PART_BYTES, MIB, MOST_PARTS, partBytes } from '../../lib/store/part-size.ts'

const GIB = 1024 * MIB
const SMALLEST_PART_BYTES = 5 * MIB
const sizes = Array.from({ length: MOST_PARTS }, (_, index) => partBytes(index + 1))

/** The largest part that an upload of so many bytes makes. */
function largestPart(bytes: number): number {
  let left = bytes
  return sizes.find((size) => (left -= size) <= 0) ?? Number.POSITIVE_INFINITY
}

test('every part is one that S3 takes, and none is smaller than the one before', () => {
  for (const [index, size] of sizes.entries()) {
    expect(size).toBeGreaterThanOrEqual(sizes[index - 1] ?? SMALLEST_PART_BYTES)
    expect(size).toBeLessThanOrEqual(LARGEST_PART_BYTES)
    expect(Number.isInteger(size)).toBe(true)
  }
})

test('10,000 parts hold more than 5 TiB', () => {
  const whole = sizes.reduce((sum, size) => sum + size, 0)
  expect(whole).toBeGreaterThan(5 * 1024 * GIB)
})

test.each([
  [7, 8],
  [20, 17],
  [100, 75],
  [1024, 750],
])('%i GiB need no part above %i MiB', (gib, mib) => {
  expect(largestPart(gib * GIB)).toBeLessThanOrEqual(mib * MIB)
})

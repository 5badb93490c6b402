import { expect, test } from 'vitest'
import { LARGEST_PART_BYTES, MIB, MOST_PARTS, partBytes } from '../../lib/store/part-size.ts'

const GIB = 1024 * MIB
const SMALLEST_PART_BYTES = 5 * MIB
const TIB = 1024 * GIB
/** docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html: 10,000 parts of 5 GiB. */
const LARGEST_OBJECT_BYTES = MOST_PARTS * LARGEST_PART_BYTES

const sizesFor = (expected: number): number[] =>
  Array.from({ length: MOST_PARTS }, (_, index) => partBytes(index + 1, expected))
const sizes = sizesFor(0)

/** The largest part that an upload of so many bytes makes; infinite where 10,000 do not hold them. */
function largestPart(bytes: number, among = sizes): number {
  let left = bytes
  return among.find((size) => (left -= size) <= 0) ?? Number.POSITIVE_INFINITY
}

test('every part is one that S3 takes, and none is smaller than the one before', () => {
  for (const some of [sizes, sizesFor(3 * TIB), sizesFor(LARGEST_OBJECT_BYTES)]) {
    const wrong = some.filter(
      (size, index) =>
        size < (some[index - 1] ?? SMALLEST_PART_BYTES) || size > LARGEST_PART_BYTES || !Number.isInteger(size),
    )
    expect(wrong).toEqual([])
  }
})

test('where nobody knows the length, 10,000 parts hold more than 5 TiB', () => {
  expect(largestPart(5 * TIB)).toBeLessThan(LARGEST_PART_BYTES)
})

test.each([1, 100, 1024, 5 * 1024, 10 * 1024, 24 * 1024])('%i GiB fit where half as many were expected', (gib) => {
  expect(largestPart(gib * GIB, sizesFor((gib * GIB) / 2))).toBeLessThanOrEqual(LARGEST_PART_BYTES)
})

test('the largest object that S3 takes fits, to the byte, where it is expected: 48.8 TiB', () => {
  expect(LARGEST_OBJECT_BYTES / TIB).toBeCloseTo(48.83, 2)
  expect(largestPart(LARGEST_OBJECT_BYTES, sizesFor(LARGEST_OBJECT_BYTES))).toBe(LARGEST_PART_BYTES)
  expect(largestPart(LARGEST_OBJECT_BYTES + 1, sizesFor(LARGEST_OBJECT_BYTES))).toBe(Number.POSITIVE_INFINITY)
})

test('what is expected to be small takes the same parts as what nobody knows', () => {
  expect(sizesFor(30 * GIB)).toEqual(sizes)
})

test.each([
  [7, 8],
  [20, 17],
  [100, 75],
  [1024, 750],
])('%i GiB need no part above %i MiB', (gib, mib) => {
  expect(largestPart(gib * GIB)).toBeLessThanOrEqual(mib * MIB)
})

// How large the parts of a multipart upload are. Limits: docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html.

export const MIB = 1 << 20

/** S3 takes no more parts than these in one upload. */
export const MOST_PARTS = 10_000
/** No part may be larger (5 GiB). */
export const LARGEST_PART_BYTES = 5 * 1024 * MIB

const FIRST_PART_BYTES = 8 * MIB
/** Up to here, and so to 7.8 GiB, all are alike: memory stays flat, and stores that want equal parts (R2) are content. */
const EQUAL_PARTS = 1_000
/** Parts it takes from then on to grow by a factor of e. */
const GROWTH_PARTS = 1_440

/** An upload whose length is known roughly is cut in so many equal parts, and may still become twice as long. */
const EXPECTED_PARTS = 5_000

/**
 * The size of part `number` (from 1) in bytes. Where nobody knows the length (`expectedBytes` 0), parts start at 8 MiB
 * and stay near a thousandth of what went before: 100 GiB takes parts of 74 MiB, and 10,000 of them hold more than
 * 5 TiB. What is expected to be large starts with parts that are large enough, so that anything fits that is at most
 * twice as long as expected, up to S3's own limit: 10,000 parts of 5 GiB, which are 48.8 TiB and take as much memory.
 */
export function partBytes(number: number, expectedBytes = 0): number {
  const growth = Math.exp(Math.max(0, number - EQUAL_PARTS) / GROWTH_PARTS)
  const first = Math.max(FIRST_PART_BYTES, expectedBytes / EXPECTED_PARTS)
  return Math.min(LARGEST_PART_BYTES, Math.ceil((first * growth) / MIB) * MIB)
}

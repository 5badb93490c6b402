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

/**
 * The size of part `number` (from 1) in bytes, for an upload whose length nobody knows. Parts start at 8 MiB and stay
 * near a thousandth of what went before, so 10,000 of them hold more than 5 TiB and 100 GiB takes parts of 74 MiB.
 * S3 itself stores up to 48.8 TiB, but that is 10,000 parts of 5 GiB: no memory would hold them.
 */
export function partBytes(number: number): number {
  const growth = Math.exp(Math.max(0, number - EQUAL_PARTS) / GROWTH_PARTS)
  return Math.min(LARGEST_PART_BYTES, Math.round((FIRST_PART_BYTES * growth) / MIB) * MIB)
}

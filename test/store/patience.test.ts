import { expect, test } from 'vitest'
import { PATIENCE, pauseBefore } from '../../lib/store/patience.ts'

test('pauses double up to half a minute, and are spread over all of their length', () => {
  const longest = [1, 2, 3, 4, 5, 6].map((number) => pauseBefore(number, PATIENCE, 1))
  expect(longest).toEqual([4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
  expect([0, 0.25].map((random) => pauseBefore(2, PATIENCE, random))).toEqual([0, 2_000])
})

import { expect, test } from 'vitest'
import { archiveId, isOfSlot, slotBytes } from '../../lib/store/keys.ts'

const SLOT = new Date('2026-01-02T03:00:00Z')
const HOUR_MS = 3_600_000
const bytes = slotBytes('app', 'production', SLOT)
const begunAfter = (ms: number, suffix = bytes): string => archiveId(new Date(SLOT.getTime() + ms), suffix)

test('an archive of a slot is known by its id, whenever it was begun', () => {
  expect(isOfSlot(begunAfter(0), bytes, SLOT)).toBe(true)
  expect(isOfSlot(begunAfter(3 * HOUR_MS), bytes, SLOT)).toBe(true)
  // A clock that is behind.
  expect(isOfSlot(begunAfter(-HOUR_MS), bytes, SLOT)).toBe(true)
})

test('an archive of another slot, another environment or none is not it', () => {
  const others = [
    slotBytes('app', 'production', new Date(SLOT.getTime() + HOUR_MS)),
    slotBytes('app', 'staging', SLOT),
    slotBytes('shop', 'production', SLOT),
    Uint8Array.of(1, 2, 3, 4),
  ]
  expect(others.map((other) => isOfSlot(begunAfter(0, other), bytes, SLOT))).toEqual(others.map(() => false))
  // The same four bytes by chance, long ago.
  expect(isOfSlot(begunAfter(-30 * 24 * HOUR_MS), bytes, SLOT)).toBe(false)
  expect(isOfSlot('latest', bytes, SLOT)).toBe(false)
})

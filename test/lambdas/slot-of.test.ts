import { expect, test } from 'vitest'
import { slotOf } from '../../lambdas/slot-of.ts'

test('the slot is what the schedule says', () => {
  expect(slotOf({ slot: '2026-01-02T03:00:00Z' })).toEqual(new Date('2026-01-02T03:00:00Z'))
})

test.each([undefined, null, {}, 'text', { time: 'x' }])('%j is an event without a slot', (event) => {
  expect(slotOf(event)).toBeNull()
})

test.each(['<aws.scheduler.scheduled-time>', '', 0, null])('the slot %j is refused', (slot) => {
  expect(() => slotOf({ slot })).toThrow('is no time')
})

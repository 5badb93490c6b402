import { expect, test } from 'vitest'
import { parseEvent } from '../../lambdas/parse-event.ts'

test('an event says the slot and the environment that it is for, or leaves them out', () => {
  expect(parseEvent({ slot: '2026-01-02T03:00:00Z', environment: 'production' })).toEqual({
    slot: new Date('2026-01-02T03:00:00Z'),
    environment: 'production',
  })
  for (const event of [{}, null, undefined, 'by hand', 7]) {
    expect(parseEvent(event)).toEqual({ slot: null, environment: null })
  }
})

test.each([
  [{ slot: 'tonight' }, /slot "tonight"/],
  [{ slot: '<aws.scheduler.scheduled-time>' }, /is no time/],
  [{ slot: null }, /slot null/],
  [{ slot: 3 }, /slot 3/],
  [{ environment: ['all'] }, /environment \["all"\]/],
])('%j is refused', (event, words) => {
  expect(() => parseEvent(event)).toThrow(words)
})

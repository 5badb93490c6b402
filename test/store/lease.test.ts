// Whether a lease may be taken, when clocks differ and jump.
import { expect, test } from 'vitest'
import {
  LEASE_TIMES as TIMES,
  parseNote,
  prospect,
  releasedNote,
  renewedNote,
  takeNote,
  type Prospect,
} from '../../lib/store/lease.ts'

const NOW = new Date('2026-01-02T03:00:00Z')
const later = (ms: number): Date => new Date(NOW.getTime() + ms)
const NOTE = takeNote('a', 'process 1 on one', NOW, TIMES)

test.each<[string, Date, Prospect]>([
  ['a lease just taken', NOW, { kind: 'held' }],
  ['a lease that ends in a second', later(TIMES.lifeMs - 1_000), { kind: 'held' }],
  ['a lease that has ended, which our clock may be wrong about', later(TIMES.lifeMs), { kind: 'watch', forMs: 45_000 }],
  ['a lease from days ago', later(3 * 86_400_000), { kind: 'watch', forMs: 45_000 }],
  ['a lease by a clock that is a minute fast', later(-60_000), { kind: 'held' }],
  ['a lease by a clock that is an hour fast', later(-3_600_000), { kind: 'watch', forMs: TIMES.lifeMs }],
])('%s', (_what, now, expected) => {
  expect(prospect(NOTE, now, TIMES)).toEqual(expected)
})

test('a holder that is brief is waited for; one that died of it is not', () => {
  const brief = takeNote('a', 'process 1 on one', NOW, TIMES, true)
  expect(prospect(brief, NOW, TIMES)).toEqual({ kind: 'wait' })
  expect(prospect(brief, later(TIMES.lifeMs), TIMES)).toEqual({ kind: 'watch', forMs: 45_000 })
  const { brief: _, ...older } = NOTE
  expect(parseNote(Buffer.from(JSON.stringify(older)))).toEqual(NOTE)
})

test('no lease, and one that was given back, are free at once; what cannot be read is watched', () => {
  expect(prospect(null, NOW, TIMES)).toEqual({ kind: 'free' })
  expect(prospect(releasedNote(NOTE, NOW), NOW, TIMES)).toEqual({ kind: 'free' })
  expect(prospect('unreadable', NOW, TIMES)).toEqual({ kind: 'watch', forMs: TIMES.lifeMs })
})

test('a renewal is never the same bytes, even when the clock stands still', () => {
  const renewed = renewedNote(NOTE, NOW, TIMES)
  expect(JSON.stringify(renewed)).not.toBe(JSON.stringify(NOTE))
  expect(parseNote(Buffer.from(JSON.stringify(renewed)))).toEqual(renewed)
})

test.each(['', 'null', '{}', '{"version":2}'])('%j is no lease', (text) => {
  expect(parseNote(Buffer.from(text))).toBe('unreadable')
})

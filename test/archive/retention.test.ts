import { expect, test } from 'vitest'
import type { RetentionPolicy } from '../../lib/config/archive-policy.ts'
import { planRetention, type Held } from '../../lib/archive/retention.ts'

const NOW = new Date('2026-11-22T09:00:00Z')
const POLICY: RetentionPolicy = { daily: 3, weekly: 2, monthly: 2, yearly: 1, atLeast: 2 }
const NOTHING: RetentionPolicy = { daily: 0, weekly: 0, monthly: 0, yearly: 0, atLeast: 1 }

function held(day: string, trust: Held['trust'] = 'verified'): Held {
  return { id: day, startedAt: new Date(day.length === 10 ? `${day}T02:17:00Z` : day), trust }
}

/** One archive a night, so many nights back from the last one. */
function nights(count: number): Held[] {
  return Array.from({ length: count }, (_, back) =>
    held(new Date(Date.parse('2026-11-22') - back * 86_400_000).toISOString().slice(0, 10)),
  )
}

const kept = (...parameters: Parameters<typeof planRetention>) => planRetention(...parameters).keep.map(({ id }) => id)

test('keeps the newest of so many days, weeks, months and years, and says why', () => {
  const { keep, remove } = planRetention(nights(400), POLICY, NOW)
  expect(keep.map(({ id }) => id)).toEqual(['2026-11-22', '2026-11-21', '2026-11-20', '2026-11-15', '2026-10-31'])
  expect(keep[0]?.reasons).toEqual([
    'one of the 2 newest',
    'the newest of the day 2026-11-22',
    'the newest of the week 2026-W47',
    'the newest of the month 2026-11',
    'the newest of the year 2026',
  ])
  expect(remove).toHaveLength(395)
  expect(remove[0]).toEqual({ id: '2026-11-19', reason: expect.stringContaining('a newer one stands for') })
})

test('a week is that of ISO 8601, also around New Year', () => {
  const weekly = { ...NOTHING, weekly: 9 }
  const { keep } = planRetention(
    ['2027-01-04', '2027-01-03', '2026-12-31', '2026-12-28', '2026-12-27'].map((day) => held(day)),
    weekly,
    new Date('2027-01-04T09:00:00Z'),
  )
  expect(keep.map(({ id, reasons }) => `${id} ${reasons.at(-1)}`)).toEqual([
    '2027-01-04 the newest of the week 2027-W01',
    '2027-01-03 the newest of the week 2026-W53',
    '2026-12-27 the newest of the week 2026-W52',
  ])
})

test('of one day the newest counts, whatever order they come in', () => {
  const hours = ['2026-11-22T01:00:00Z', '2026-11-22T07:00:00Z', '2026-11-22T05:00:00Z'].map((time) => held(time))
  expect(kept(hours, { ...NOTHING, daily: 7 }, NOW)).toEqual(['2026-11-22T07:00:00Z'])
})

test('never keeps fewer good ones than it was told, however old they are', () => {
  const old = ['2020-01-03', '2020-01-02', '2020-01-01'].map((day) => held(day))
  expect(kept(old, { ...NOTHING, atLeast: 2 }, NOW)).toEqual(['2020-01-03', '2020-01-02'])
  expect(kept(old.slice(2), NOTHING, NOW)).toEqual(['2020-01-01'])
})

test('only verified archives take a place; the others stay until good ones are newer and there was time to look', () => {
  const mixed = [
    held('2026-11-22', 'uploaded'),
    held('2026-11-21'),
    held('2026-11-20', 'uploaded'),
    held('2026-10-02'),
    held('2026-10-01', 'uploaded'),
  ]
  const { keep, remove } = planRetention(mixed, { ...NOTHING, daily: 2 }, NOW)
  expect(keep.map(({ id }) => id)).toEqual(['2026-11-22', '2026-11-21', '2026-11-20', '2026-10-02'])
  expect(remove).toEqual([{ id: '2026-10-01', reason: expect.stringContaining('never verified') }])
  expect(kept([held('2026-01-01', 'uploaded')], NOTHING, NOW)).toEqual(['2026-01-01'])
})

test('the newest that was restored stays', () => {
  const archives = [held('2026-11-22'), held('2026-11-01', 'restored'), held('2026-10-25', 'restored')]
  expect(kept(archives, NOTHING, NOW)).toEqual(['2026-11-22', '2026-11-01'])
})

test('what cannot be read, and what is of the future, is left to a person and counts for nothing', () => {
  const odd = [held('2031-01-01'), held('2026-11-22'), held('2026-11-21', null)]
  expect(kept(odd, NOTHING, NOW)).toEqual(['2031-01-01', '2026-11-22', '2026-11-21'])
})

test('a clock that jumps ahead by years removes nothing more', () => {
  const archives = nights(60)
  expect(kept(archives, POLICY, new Date('2036-01-01'))).toEqual(kept(archives, POLICY, NOW))
})

test('every archive is in one of the two lists, and nothing is removed twice over', () => {
  const archives = nights(90)
  const first = planRetention(archives, POLICY, NOW)
  expect([...first.keep, ...first.remove].map(({ id }) => id).toSorted()).toEqual(
    archives.map(({ id }) => id).toSorted(),
  )
  const left = archives.filter(({ id }) => first.keep.some((each) => each.id === id))
  expect(planRetention(left, POLICY, NOW).remove).toEqual([])
})

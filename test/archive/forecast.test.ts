import { describe, expect, test } from 'vitest'
import { forecast, outgrownByBackups, outgrownByDrills } from '../../lib/archive/forecast.ts'
import type { GoodRecord } from '../../lib/archive/list-archives.ts'

const NOW = new Date('2026-11-22T09:00:00Z')
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const LIMITS = { timeMs: 15 * MINUTE, storageBytes: 10e9 }

/** A backup each night, the newest first, of which each took so many minutes. */
function nightly(minutes: readonly number[], rawBytes = 1e9): GoodRecord[] {
  return minutes.map((each, nights) => {
    const startedAt = new Date(NOW.getTime() - nights * DAY)
    const finishedAt = new Date(startedAt.getTime() + each * MINUTE)
    const restoredAt = new Date(startedAt.getTime() + DAY / 2).toISOString()
    return {
      manifest: { startedAt: startedAt.toISOString(), finishedAt: finishedAt.toISOString(), rawBytes },
      verification: { durationMs: 0 },
      restoration: { restoredAt, durationMs: each * MINUTE },
    } as unknown as GoodRecord
  })
}

/** From so many minutes on the newest night, and so much less each night before. */
function growing(newest: number, perNight: number, nights: number): number[] {
  return Array.from({ length: nights }, (_, index) => newest - index * perNight)
}

const told = (records: GoodRecord[]): string[] =>
  outgrownByBackups('production', records, LIMITS, NOW).map(({ severity, summary }) => `${severity}: ${summary}`)

describe('what is told of backups', () => {
  test.each([
    ['quick ones', [2, 2, 3, 2, 2, 3, 2, 2, 2, 3], []],
    ['two slow ones, which are no usual', [14, 14], []],
    ['one that was slow', [14, 2, 3, 2, 2, 3, 2, 2, 2, 3], []],
    ['growth that ends in years', growing(3, 0.002, 30), []],
    ['growth within a few days, which is chance', growing(5, 1, 4), []],
    ['many that go up and down', [7, 1, 6, 2, 7, 1, 6, 2, 7, 1], []],
    [
      'half of the time, and not growing',
      [8, 9, 8, 9, 8, 9, 8, 9, 8],
      ["info: backups take 8 min of 15 min: set deploy.compute: 'fargate'"],
    ],
    [
      'growth that leaves no two months',
      growing(6, 0.2, 20),
      [
        "warning: backups take 6 min of 15 min, and at this growth will not fit any more in 2027-01: set deploy.compute: 'fargate'",
      ],
    ],
    ['all of the time', [15, 15, 15], ["warning: backups take 15 min of 15 min: set deploy.compute: 'fargate'"]],
  ])('%s', (_name, minutes, words) => {
    expect(told(nightly(minutes))).toEqual(words)
  })

  test('where nothing was read back nobody knows how long that takes', () => {
    const unread = nightly([15, 15, 15]).map((record) => ({ ...record, verification: null }))
    expect(told(unread)).toEqual([])
  })
})

test('drills are told of by time and by disk, in one line', () => {
  const [finding, ...others] = outgrownByDrills('production', nightly([8, 8, 8], 6e9), LIMITS, NOW)
  expect(others).toEqual([])
  expect(finding).toMatchObject({
    id: 'production/archive.drill-outgrows/archive/production',
    severity: 'info',
    summary:
      "drills take 8 min of 15 min; drills need about 9.0 GB of disk of 10.0 GB of disk: set deploy.compute: 'fargate'",
  })
  expect(outgrownByDrills('production', nightly([2, 2, 2]), LIMITS, NOW)).toEqual([])
})

test('a forecast is the day on which a straight line passes what there is, whatever one night was like', () => {
  const samples = growing(100, 1, 30).map((used, nights) => ({ at: NOW.getTime() - nights * DAY, used }))
  samples[10]!.used = 10_000
  expect(forecast(samples, 110)?.fullAt?.toISOString().slice(0, 10)).toBe('2026-12-02')
  expect(forecast(samples.slice(0, 2), 110)).toBeNull()
})

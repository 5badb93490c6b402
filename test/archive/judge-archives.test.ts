import { expect, test } from 'vitest'
import { completeArchivePolicy } from '../../lib/config/archive-policy.ts'
import { RaingaugeError } from '../../lib/error.ts'
import { judgeArchives } from '../../lib/archive/judge-archives.ts'
import type { ArchiveRecord, GoodRecord } from '../../lib/archive/list-archives.ts'
import type { Failure } from '../../lib/archive/proof.ts'
import type { Trust } from '../../lib/run.ts'

const NOW = new Date('2026-11-22T09:00:00Z')
const POLICY = completeArchivePolicy({})

type Of = {
  hoursAgo: number
  trust?: Trust
  rawBytes?: number
  rows?: Record<string, number>
  failure?: Partial<Failure>
}

function ago(hours: number): string {
  return new Date(NOW.getTime() - hours * 3_600_000).toISOString()
}

/** Restored archives were restored an hour after they were written. */
function archive({
  hoursAgo,
  trust = 'verified',
  rawBytes = 1_000_000,
  rows = { 'public.users': 100 },
  failure,
}: Of): GoodRecord {
  const id = `archive-${hoursAgo}h`
  const tables = Object.entries(rows).map(([name, count]) => ({ name, rows: count, raw: { start: 0, bytes: 1 } }))
  const proven = { restoredAt: ago(hoursAgo - 1) } as GoodRecord['restoration']
  return {
    kind: 'archive',
    project: 'app',
    environment: 'production',
    id,
    location: id,
    trust,
    manifest: {
      id,
      startedAt: ago(hoursAgo),
      finishedAt: ago(hoursAgo),
      rawBytes,
      tables,
    } as unknown as GoodRecord['manifest'],
    verification: null,
    restoration: trust === 'restored' ? proven : null,
    failure:
      failure === undefined ? null : { format: 1, id, failedAt: ago(0), stage: 'verify', reason: 'why', ...failure },
  }
}

const judged = (...records: ArchiveRecord[]) =>
  judgeArchives('production', records, POLICY, NOW).map(({ kind, summary }) => `${kind}: ${summary}`)

test('fresh, proven and of the usual size: nothing to say', () => {
  expect(judged(...[6, 30, 54, 78].map((hoursAgo) => archive({ hoursAgo, trust: 'restored' })))).toEqual([])
})

test('none at all', () => {
  expect(judged()).toEqual(['archive.stale: there is no archive at all'])
})

test.each([
  [30, []],
  [31, ['archive.stale: the newest verified archive is archive-31h, 31 hours old: more than 30']],
])('the newest verified one is %i hours old', (hoursAgo, findings) => {
  expect(judged(archive({ hoursAgo, trust: 'restored' }))).toEqual(findings)
})

test('a newer one that was never read back does not make it fresh', () => {
  expect(judged(archive({ hoursAgo: 7, trust: 'uploaded' }), archive({ hoursAgo: 31, trust: 'restored' }))).toEqual([
    'archive.stale: the newest verified archive is archive-31h, 31 hours old: more than 30',
    'archive.unverified: archive-7h was written and never read back',
  ])
})

test('one that is being read back is given its time', () => {
  expect(judged(archive({ hoursAgo: 1, trust: 'uploaded' }), archive({ hoursAgo: 25, trust: 'restored' }))).toEqual([])
})

test('a first one that fails is one finding, not two', () => {
  expect(judged(archive({ hoursAgo: 1, trust: 'uploaded', failure: {} }))).toEqual(['archive.unverified: why'])
})

test('never a verified one, for days', () => {
  expect(judged(archive({ hoursAgo: 1, trust: 'uploaded' }), archive({ hoursAgo: 49, trust: 'uploaded' }))).toEqual([
    'archive.stale: none of 2 archives was ever verified, in 49 hours: more than 30',
  ])
})

test('a manifest that cannot be read is told while it is the newest', () => {
  const spoiled: ArchiveRecord = {
    ...archive({ hoursAgo: 2 }),
    kind: 'corrupt',
    reason: new RaingaugeError('archive.corrupt', 'manifest.json is not JSON'),
  }
  const older = archive({ hoursAgo: 5, trust: 'restored' })
  expect(judged(spoiled, older)).toEqual(['archive.unverified: manifest.json is not JSON'])
  expect(judged(older, spoiled)).toEqual([])
})

test.each([
  [400_000, { 'public.users': 100 }, ['archive.shrunk: archive-1h has 400000 bytes uncompressed, usually 1000000']],
  [
    900_000,
    { 'public.users': 1 },
    ['archive.shrunk: archive-1h has 1 rows, usually 100: public.users went from 100 rows to 1'],
  ],
  [900_000, {}, ['archive.shrunk: archive-1h has 0 rows, usually 100: public.users is gone']],
  [600_000, { 'public.users': 60 }, []],
])('%i bytes and the rows %o, against the median of its past', (rawBytes, rows, findings) => {
  const past = [25, 49, 73].map((hoursAgo) => archive({ hoursAgo, trust: 'restored' }))
  expect(judged(archive({ hoursAgo: 1, rawBytes, rows }), ...past)).toEqual(findings)
  // With fewer than three before it, nobody knows what is usual; and one that was bad before does not shift it.
  expect(judged(archive({ hoursAgo: 1, rawBytes, rows }), ...past.slice(0, 2))).toEqual([])
  const odd = archive({ hoursAgo: 97, rawBytes: 10, trust: 'restored' })
  expect(judged(archive({ hoursAgo: 1, rawBytes, rows }), ...past, odd)).toEqual(findings)
})

test.each([
  ['restored', 9 * 24 + 1, []],
  [
    'restored',
    9 * 24 + 25,
    ['archive.drill-overdue: the last drill that restored an archive was 10 days ago: more than 9'],
  ],
  ['verified', 9 * 24, []],
  ['verified', 9 * 24 + 24, ['archive.drill-overdue: no archive was ever restored, in 10 days: more than 9']],
] as const)('the oldest archive is %s and %i hours old', (trust, hoursAgo, findings) => {
  expect(judged(archive({ hoursAgo: 1 }), archive({ hoursAgo, trust }))).toEqual(findings)
})

test('a failed drill is told until a later one restores something', () => {
  const failed = archive({ hoursAgo: 30, failure: { stage: 'restore', failedAt: ago(20), reason: 'no role x' } })
  expect(judged(archive({ hoursAgo: 6 }), failed)).toEqual(['archive.drill-failed: no role x'])
  expect(judged(archive({ hoursAgo: 6, trust: 'restored' }), failed)).toEqual([])
})

test('a clock that was ahead makes no archive stale', () => {
  expect(judged(archive({ hoursAgo: -48, trust: 'restored' }))).toEqual([])
})

// What the archives of an environment amount to, from the store alone: whoever made them may be gone, or wrong.
import type { ArchivePolicy } from '../config/archive-policy.ts'
import { archiveFinding, type Finding, type ArchiveFindingKind } from '../finding.ts'
import type { ArchiveRecord, GoodRecord } from './list-archives.ts'
import { rowsIn } from '../run.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Reading back follows writing at once: what was not read back after this long never was. */
const UNVERIFIED_AFTER_MS = 3 * HOUR_MS

/** An archive is compared with so many before it, and with fewer than three there is no usual size. */
const COMPARED_WITH = 10
const LEAST_COMPARED = 3

/**
 * The findings about these archives, the newest first: no recent verified one (`archive.stale`), one that cannot be read
 * (`archive.unverified`), much smaller than usual (`archive.shrunk`), not restored in time or in vain (`archive.drill-overdue`,
 * `archive.drill-failed`). Says nothing of what a newer archive has made good.
 */
export function judgeArchives(
  environment: string,
  newestFirst: readonly ArchiveRecord[],
  policy: ArchivePolicy,
  now: Date,
): Finding[] {
  const about = (kind: ArchiveFindingKind, summary: string): Finding => archiveFinding(environment, kind, summary)
  if (newestFirst.length === 0) return [about('archive.stale', 'there is no archive at all')]
  const good = newestFirst.filter((record) => record.kind === 'archive')
  const verified = good.filter(({ trust }) => trust !== 'uploaded')
  return [
    ...staleness(good, verified, policy, now).map((words) => about('archive.stale', words)),
    ...unproven(newestFirst, now).map((words) => about('archive.unverified', words)),
    ...shrinkage(good, policy).map((words) => about('archive.shrunk', words)),
    ...drills(good, verified, policy, now).map(([kind, words]) => about(kind, words)),
  ]
}

function staleness(
  good: readonly GoodRecord[],
  [newest]: readonly GoodRecord[],
  { staleAfterHours }: ArchivePolicy,
  now: Date,
): string[] {
  const oldest = good.at(-1)
  // Where none was ever verified, the time runs from the first.
  const since = newest ?? oldest
  if (since === undefined) return []
  const hours = ageMs(since.manifest.startedAt, now) / HOUR_MS
  if (hours <= staleAfterHours) return []
  const limit = `more than ${staleAfterHours}`
  return [
    newest === undefined
      ? `none of ${good.length} archives was ever verified, in ${Math.floor(hours)} hours: ${limit}`
      : `the newest verified archive is ${newest.id}, ${Math.floor(hours)} hours old: ${limit}`,
  ]
}

/** Of the newest archive alone: what is wrong with older ones, a newer one makes good. */
function unproven([newest]: readonly ArchiveRecord[], now: Date): string[] {
  if (newest === undefined) return []
  if (newest.kind === 'corrupt') return [newest.reason.message]
  if (newest.failure?.stage === 'verify') return [newest.failure.reason]
  if (newest.trust !== 'uploaded' || ageMs(newest.manifest.finishedAt, now) <= UNVERIFIED_AFTER_MS) return []
  return [`${newest.id} was written and never read back`]
}

function shrinkage([newest, ...before]: readonly GoodRecord[], { shrunkBelow }: ArchivePolicy): string[] {
  const past = before.filter(({ trust }) => trust !== 'uploaded').slice(0, COMPARED_WITH)
  if (newest === undefined || past.length < LEAST_COMPARED) return []
  const usual = median(past.map(({ manifest }) => manifest.rawBytes))
  const usualRows = median(past.map(rowsOf))
  const [bytes, rows] = [newest.manifest.rawBytes, rowsOf(newest)]
  const words: string[] = []
  if (bytes < usual * shrunkBelow) words.push(`${bytes} bytes uncompressed, usually ${usual}`)
  if (rows < usualRows * shrunkBelow) words.push(`${rows} rows, usually ${usualRows}`)
  if (words.length === 0) return []
  return [`${newest.id} has ${words.join(' and ')}${mostLost(newest, past[0])}`]
}

function mostLost(newest: GoodRecord, before: GoodRecord | undefined): string {
  const now = new Map(newest.manifest.tables.map(({ name, rows }) => [name, rows]))
  const [worst] = (before?.manifest.tables ?? [])
    .map(({ name, rows }) => ({ name, rows, left: now.get(name) }))
    .toSorted((a, b) => b.rows - (b.left ?? 0) - (a.rows - (a.left ?? 0)))
  if (worst === undefined || worst.rows <= (worst.left ?? 0)) return ''
  return `: ${worst.name} ${worst.left === undefined ? 'is gone' : `went from ${worst.rows} rows to ${worst.left}`}`
}

function drills(
  good: readonly GoodRecord[],
  verified: readonly GoodRecord[],
  { drillWithinDays }: ArchivePolicy,
  now: Date,
): [ArchiveFindingKind, string][] {
  const restored = good.flatMap(({ restoration }) => (restoration === null ? [] : [restoration.restoredAt])).toSorted()
  const last = restored.at(-1)
  const failures = good.flatMap(({ failure }) => (failure?.stage === 'restore' ? [failure] : []))
  const [failed] = failures.toSorted((a, b) => b.failedAt.localeCompare(a.failedAt))
  if (failed !== undefined && (last === undefined || failed.failedAt > last))
    return [['archive.drill-failed', failed.reason]]
  // Where nothing was ever restored, the time runs from the first archive that a drill could have taken.
  const since = last ?? verified.at(-1)?.manifest.startedAt
  if (since === undefined) return []
  const days = ageMs(since, now) / DAY_MS
  if (days <= drillWithinDays) return []
  const what = last === undefined ? 'no archive was ever restored, in' : 'the last drill that restored an archive was'
  return [
    [
      'archive.drill-overdue',
      `${what} ${Math.floor(days)} days${last === undefined ? '' : ' ago'}: more than ${drillWithinDays}`,
    ],
  ]
}

function rowsOf({ manifest }: GoodRecord): number {
  return rowsIn(manifest.tables)
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [low = 0, high = 0] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return (low + high) / 2
}

/** Never negative: an archive of the future is a new one. */
function ageMs(time: string, now: Date): number {
  return Math.max(0, now.getTime() - Date.parse(time))
}

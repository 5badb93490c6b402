// Whether backups and drills will go on fitting where they run, from what those so far took. Told long before one does not.
import { archiveFinding, type ArchiveFindingKind, type Finding } from '../finding.ts'
import type { GoodRecord } from './list-archives.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** With fewer there is no usual; over fewer days there is no growth, only chance. */
const LEAST = 3
const LEAST_DAYS = 7

/** Of the pairs of two, this share must rise for it to be called growth. */
const STEADY = 0.75

/** From half of what there is it is worth a note; two months before there is none left, people are told. */
const NOTED_AT = 0.5
const TOLD_DAYS = 60

/** A restored database with its indexes and its WAL, for each byte of the uncompressed archive: rather too much, since a full disk ends a drill. */
const DISK_PER_BYTE = 1.5

const GO_TO_TASKS = "set deploy.compute: 'fargate'"

/** What one run took, in whatever unit; `at` in milliseconds. */
export type Sample = { at: number; used: number }

export type Forecast = {
  /** The middle one of the newest three: a single slow run is no news. */
  used: number
  /** When growth as it was until now has used up all; null: it does not grow steadily. */
  fullAt: Date | null
}

/** Where these samples lead, the newest first; null for too few of them. Growth is the median of the slopes of all pairs (Theil and Sen), which no outlier sways. */
export function forecast(newestFirst: readonly Sample[], most: number): Forecast | null {
  const [newest, middle] = newestFirst
  if (newest === undefined || middle === undefined || newestFirst.length < LEAST) return null
  const used = median(newestFirst.slice(0, LEAST).map((each) => each.used))
  const slopes = newestFirst.flatMap((late, index) =>
    newestFirst
      .slice(index + 1)
      .flatMap((early) => (late.at > early.at ? [(late.used - early.used) / (late.at - early.at)] : [])),
  )
  const rising = slopes.filter((slope) => slope > 0).length
  const days = (newest.at - (newestFirst.at(-1)?.at ?? newest.at)) / DAY_MS
  if (days < LEAST_DAYS || rising < slopes.length * STEADY) return { used, fullAt: null }
  return { used, fullAt: new Date(middle.at + Math.max(0, most - used) / median(slopes)) }
}

/** What a run may take at most where it runs: time in milliseconds, disk in bytes. */
export type Limits = { timeMs: number; storageBytes: number }

/** The finding that backups of this environment will not fit any more, if they will not. `newestFirst`: its archives. */
export function outgrownByBackups(
  environment: string,
  newestFirst: readonly GoodRecord[],
  { timeMs }: Limits,
  now: Date,
): Finding[] {
  const times = newestFirst.flatMap(({ manifest: { startedAt, finishedAt }, verification }) =>
    verification === null
      ? []
      : [{ at: Date.parse(startedAt), used: Date.parse(finishedAt) - Date.parse(startedAt) + verification.durationMs }],
  )
  return tell(environment, 'archive.backup-outgrows', [aboutTime('backups take', times, timeMs, now)])
}

/** The same for drills: time, and disk for what is restored. */
export function outgrownByDrills(
  environment: string,
  newestFirst: readonly GoodRecord[],
  limits: Limits,
  now: Date,
): Finding[] {
  const times = newestFirst.flatMap(({ verification, restoration }) =>
    restoration === null
      ? []
      : [{ at: Date.parse(restoration.restoredAt), used: (verification?.durationMs ?? 0) + restoration.durationMs }],
  )
  const sizes = newestFirst.map(({ manifest }) => ({
    at: Date.parse(manifest.startedAt),
    used: manifest.rawBytes * DISK_PER_BYTE,
  }))
  return tell(environment, 'archive.drill-outgrows', [
    aboutTime('drills take', times, limits.timeMs, now),
    about('drills need about', sizes, limits.storageBytes, now, (bytes) => `${(bytes / 1e9).toFixed(1)} GB of disk`),
  ])
}

type Words = { text: string; isNear: boolean }

function aboutTime(what: string, samples: readonly Sample[], most: number, now: Date): Words | null {
  return about(what, samples, most, now, (ms) => `${Math.round(ms / MINUTE_MS)} min`)
}

/** null: it fits, and will. Months instead of days, so that the same thing is said again in the same words. */
function about(
  what: string,
  samples: readonly Sample[],
  most: number,
  now: Date,
  say: (value: number) => string,
): Words | null {
  const ahead = forecast(samples, most)
  if (ahead === null) return null
  const { used, fullAt } = ahead
  const isNear = used >= most || (fullAt !== null && fullAt.getTime() - now.getTime() <= TOLD_DAYS * DAY_MS)
  if (!isNear && used < most * NOTED_AT) return null
  const then =
    fullAt === null ? '' : `, and at this growth will not fit any more in ${fullAt.toISOString().slice(0, 7)}`
  return { text: `${what} ${say(used)} of ${say(most)}${then}`, isNear }
}

function tell(environment: string, kind: ArchiveFindingKind, all: readonly (Words | null)[]): Finding[] {
  const words = all.filter((each) => each !== null)
  if (words.length === 0) return []
  const summary = `${words.map(({ text }) => text).join('; ')}: ${GO_TO_TASKS}`
  return [archiveFinding(environment, kind, summary, words.some(({ isNear }) => isNear) ? 'warning' : 'info')]
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [low = 0, high = 0] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return (low + high) / 2
}

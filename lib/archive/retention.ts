// Which archives to keep: grandfather, father, son, over those that are proven. A pure decision; prune-archives.ts carries it out.
import type { RetentionPolicy } from '../config/archive-policy.ts'
import type { Trust } from '../run.ts'

/** An archive as retention sees it. `trust` null: its manifest cannot be read. */
export type Held = { id: string; startedAt: Date; trust: Trust | null }

export type Kept = { id: string; reasons: string[] }
export type Removed = { id: string; reason: string }

/** Both lists the newest first. */
export type RetentionPlan = { keep: Kept[]; remove: Removed[] }

const DAY_MS = 86_400_000

/** So long has a person to look at an archive that could not be verified. */
const UNVERIFIED_DAYS = 14

/**
 * What to keep and what to remove, each with its reasons. Only verified archives count and fill the places of days, weeks, months
 * and years (UTC), the newest of each; so a clock that jumps ahead removes nothing. Kept besides: the newest `atLeast` verified ones, the newest
 * restored one, and whatever cannot be judged. An archive that was never verified goes only once `atLeast` good ones are newer.
 */
export function planRetention(archives: readonly Held[], policy: RetentionPolicy, now: Date): RetentionPlan {
  const newestFirst = archives.toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime())
  const inFuture = ({ startedAt }: Held): boolean => startedAt.getTime() > now.getTime() + DAY_MS
  const good = newestFirst.filter((each) => each.trust !== null && each.trust !== 'uploaded' && !inFuture(each))
  const places = placesOf(good, policy)
  const plan: RetentionPlan = { keep: [], remove: [] }
  for (const each of newestFirst) {
    const reasons = [...(places.get(each.id) ?? []), ...otherReasons(each)]
    if (reasons.length > 0) plan.keep.push({ id: each.id, reasons })
    else plan.remove.push({ id: each.id, reason: whyRemoved(each) })
  }
  return plan

  function otherReasons(each: Held): string[] {
    if (each.trust === null) return ['its manifest cannot be read: look at it']
    if (inFuture(each)) return ['its time is yet to come: look at the clock of who wrote it']
    if (each.trust !== 'uploaded') return []
    const newer = good.filter(({ startedAt }) => startedAt > each.startedAt).length
    const days = (now.getTime() - each.startedAt.getTime()) / DAY_MS
    return newer >= policy.atLeast && days > UNVERIFIED_DAYS ? [] : ['not verified: it may have to be looked at']
  }
}

function whyRemoved({ trust }: Held): string {
  return trust === 'uploaded'
    ? `never verified in ${UNVERIFIED_DAYS} days, and good ones are newer`
    : 'a newer one stands for its day, week, month and year, or they are over'
}

/** The reasons to keep each good archive, by id. */
function placesOf(good: readonly Held[], policy: RetentionPolicy): Map<string, string[]> {
  const places = new Map<string, string[]>()
  const give = ({ id }: Held, reason: string): void => void places.set(id, [...(places.get(id) ?? []), reason])
  for (const each of good.slice(0, policy.atLeast)) give(each, `one of the ${policy.atLeast} newest`)
  const restored = good.find(({ trust }) => trust === 'restored')
  if (restored !== undefined) give(restored, 'the newest that a drill restored')
  for (const [name, periodOf, most] of [
    ['day', day, policy.daily],
    ['week', week, policy.weekly],
    ['month', month, policy.monthly],
    ['year', year, policy.yearly],
  ] as const) {
    const newest = new Map<string, Held>()
    for (const each of good) {
      const period = periodOf(each.startedAt)
      if (!newest.has(period) && newest.size < most) newest.set(period, each)
    }
    for (const [period, each] of newest) give(each, `the newest of the ${name} ${period}`)
  }
  return places
}

function day(time: Date): string {
  return time.toISOString().slice(0, 10)
}

/** ISO 8601: a week belongs to the year of its Thursday. */
function week(time: Date): string {
  const thursday = new Date(time)
  thursday.setUTCDate(time.getUTCDate() + 4 - (time.getUTCDay() || 7))
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1)
  const number = Math.floor((Date.parse(day(thursday)) - first) / DAY_MS / 7) + 1
  return `${thursday.getUTCFullYear()}-W${String(number).padStart(2, '0')}`
}

function month(time: Date): string {
  return time.toISOString().slice(0, 7)
}

function year(time: Date): string {
  return time.toISOString().slice(0, 4)
}

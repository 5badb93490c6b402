// How long a job may be silent before somebody should look, worked out from its schedule.
import { ConfigError } from '../config/config-error.ts'
import type { Slot } from '../config/schedules.ts'

/** CloudWatch looks back 7 days at most (PutMetricAlarm, `Period` times `EvaluationPeriods`). */
const LONGEST_HOURS = 168

/** For the flexible window, a late start, the delay of metrics, and the hour of daylight saving time. */
const SLACK_HOURS = 2

/** The same over all schedules of a job: one function serves them all, so the most frequent one says when it is silent. */
export function silenceOf(job: string, slots: readonly Slot[]): number {
  return Math.min(...slots.map(({ expression }) => silenceHours(job, expression)))
}

/**
 * Hours without an invocation after which the job counts as silent. Never shorter than the longest gap that the schedule itself
 * leaves. Expressions as EventBridge Scheduler takes them (User Guide, "Schedule types"). Throws {@link ConfigError} for one that
 * is none, or that runs less than weekly, which no alarm can watch.
 */
export function silenceHours(job: string, expression: string): number {
  const gap = longestGapHours(expression)
  if (gap === null || gap > LONGEST_HOURS) {
    throw new ConfigError([
      {
        place: `deploy.schedules.${job}`,
        problem:
          gap === null
            ? `${JSON.stringify(expression)} is no schedule that repeats`
            : `${JSON.stringify(expression)} may run less than once a week, and an alarm cannot watch for longer`,
        remedy: 'write rate(N hours) or cron(minute hour * * weekday *), at least weekly',
      },
    ])
  }
  return Math.min(Math.ceil(gap) + SLACK_HOURS, LONGEST_HOURS)
}

/** The longest time between two runs, in hours, rather too long than too short; null where it is no repeating expression. */
function longestGapHours(expression: string): number | null {
  const rate = /^rate\((?<count>[1-9]\d*) (?<unit>minute|hour|day)s?\)$/.exec(expression)?.groups
  if (rate !== undefined) {
    const hours = { minute: 1 / 60, hour: 1, day: 24 }[rate['unit'] as 'minute' | 'hour' | 'day']
    return Number(rate['count']) * hours
  }
  const fields = /^cron\((?<fields>\S+(?: \S+){5})\)$/.exec(expression)?.groups?.['fields']?.split(' ')
  if (fields === undefined) return null
  const [, hour = '', day = '', month = '', weekday = '', year = ''] = fields
  if (!isAny(day) || !isAny(month) || !isAny(year) || /[#L]/.test(weekday)) return Number.POSITIVE_INFINITY
  if (!isAny(weekday)) return LONGEST_HOURS
  const every = /^[*0]\/(?<step>\d+)$/.exec(hour)?.groups?.['step']
  if (every !== undefined) return Math.min(Number(every), 24)
  return hour === '*' ? 1 : 24
}

function isAny(field: string): boolean {
  return field === '*' || field === '?'
}

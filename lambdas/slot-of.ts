import { RaingaugeError } from '../lib/error.ts'

/**
 * When the schedule wanted this run, as the event says it: `{ "slot": "<ISO 8601>" }`, which the stack's schedules send. null for an
 * event without one, such as that of a person who tries the function. Throws `usage` for a slot that is no time.
 */
export function slotOf(event: unknown): Date | null {
  if (typeof event !== 'object' || event === null || !('slot' in event)) return null
  const { slot } = event
  const time = new Date(typeof slot === 'string' ? slot : Number.NaN)
  if (!Number.isNaN(time.getTime())) return time
  throw new RaingaugeError('usage', `the slot ${JSON.stringify(slot)} of the event is no time`, {
    remedy: 'write it as 2026-01-02T03:00:00Z, or leave it out',
  })
}

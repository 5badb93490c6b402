import { RaingaugeError } from '../lib/error.ts'

/** `slot`: when the schedule wanted this run. `environment`: the one that it is for. null: the event does not say. */
export type JobEvent = { slot: Date | null; environment: string | null }

/**
 * What the event says, `{ "slot": "<ISO 8601>", "environment": "production" }`, as the stack's schedules send it; whoever tries the
 * function by hand may leave out either or both. Throws `usage` for a slot that is no time and for an environment that is no name.
 */
export function parseEvent(event: unknown): JobEvent {
  const { slot, environment } = typeof event === 'object' && event !== null ? (event as Record<string, unknown>) : {}
  return {
    slot: slot === undefined ? null : parseSlot(slot),
    environment: environment === undefined ? null : parseEnvironment(environment),
  }
}

function parseSlot(slot: unknown): Date {
  const time = new Date(typeof slot === 'string' ? slot : Number.NaN)
  if (!Number.isNaN(time.getTime())) return time
  throw new RaingaugeError('usage', `the slot ${JSON.stringify(slot)} of the event is no time`, {
    remedy: 'write it as 2026-01-02T03:00:00Z, or leave it out',
  })
}

function parseEnvironment(environment: unknown): string {
  if (typeof environment === 'string') return environment
  throw new RaingaugeError('usage', `the environment ${JSON.stringify(environment)} of the event is no name`, {
    remedy: 'name one of the configuration, or leave it out for all',
  })
}

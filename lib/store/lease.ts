// One holder at a time: what a lease says, and whether it may be taken. Clocks of two machines may differ, and jump.
import { z } from 'zod'
import { parseJson } from '../parse-json.ts'

const SCHEMA = z.object({
  version: z.literal(1),
  /** Unique to one holding of it. */
  id: z.string().min(1),
  /** Who holds it, for a person. */
  holder: z.string(),
  takenAt: z.iso.datetime(),
  /** Counts up with each renewal, so that a renewed lease is never the same bytes. */
  renewals: z.number().int().min(0),
  /** By the holder's clock; in the past once it was given back. */
  expiresAt: z.iso.datetime(),
  /** True once its holder gave it back. */
  released: z.boolean(),
  /** True where its holder will be done in minutes, so that others wait for it rather than go. */
  brief: z.boolean().default(false),
})

export type LeaseNote = z.infer<typeof SCHEMA>

export type LeaseTimes = {
  /** How long a lease lives without being renewed. */
  lifeMs: number
  /** How often it is renewed. */
  renewMs: number
  /** For how long a holder is waited for that said to be brief, and how often it is looked after. */
  waitMs: number
  lookMs: number
}

/** A crashed holder keeps others out for two minutes; a store that is away for as long costs nobody the lease. */
export const LEASE_TIMES: LeaseTimes = { lifeMs: 120_000, renewMs: 30_000, waitMs: 300_000, lookMs: 1_000 }

/** `watch`: taken only if nobody renews it for so long, by our own stopwatch. `wait`: its holder is about to be done. */
export type Prospect = { kind: 'free' } | { kind: 'held' } | { kind: 'wait' } | { kind: 'watch'; forMs: number }

/**
 * Whether a lease may be taken. One that has ended by our clock is watched for a renewal and a half before it is believed
 * dead, since our clock may be fast; one that seems to live for longer than any lease lives is watched for a whole life,
 * since our clock may be slow, or its holder's was fast. null: there is none; `unreadable`: something else is there.
 */
export function prospect(note: LeaseNote | 'unreadable' | null, now: Date, times: LeaseTimes): Prospect {
  if (note === null) return { kind: 'free' }
  if (note === 'unreadable') return { kind: 'watch', forMs: times.lifeMs }
  if (note.released) return { kind: 'free' }
  const left = Date.parse(note.expiresAt) - now.getTime()
  if (left <= 0) return { kind: 'watch', forMs: times.renewMs * 1.5 }
  if (left > 2 * times.lifeMs) return { kind: 'watch', forMs: times.lifeMs }
  return { kind: note.brief ? 'wait' : 'held' }
}

/** The note of a new lease. */
export function takeNote(id: string, holder: string, now: Date, times: LeaseTimes, brief = false): LeaseNote {
  const takenAt = now.toISOString()
  return { version: 1, id, holder, takenAt, renewals: 0, expiresAt: after(now, times.lifeMs), released: false, brief }
}

/** The note after one more sign of life. */
export function renewedNote(note: LeaseNote, now: Date, times: LeaseTimes): LeaseNote {
  return { ...note, renewals: note.renewals + 1, expiresAt: after(now, times.lifeMs) }
}

/** The note of a lease that is given back. */
export function releasedNote(note: LeaseNote, now: Date): LeaseNote {
  return { ...note, renewals: note.renewals + 1, expiresAt: now.toISOString(), released: true }
}

/** Reads a note back. */
export function parseNote(bytes: Uint8Array): LeaseNote | 'unreadable' {
  const parsed = SCHEMA.safeParse(parseJson(new TextDecoder().decode(bytes)))
  return parsed.success ? parsed.data : 'unreadable'
}

function after(now: Date, ms: number): string {
  return new Date(now.getTime() + ms).toISOString()
}

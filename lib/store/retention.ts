// What is kept from deletion, and until when: the rules that every store shares.
import { z } from 'zod'
import { RaingaugeError } from '../error.ts'
import type { Retention } from './store.ts'
import { parseJson } from '../parse-json.ts'

const SCHEMA = z.object({ mode: z.enum(['governance', 'compliance']), until: z.iso.datetime() })

/** Throws `store.retained` where `next` would shorten what `before` promises at `now`, or change its mode. */
export function mustNotWeaken(place: string, before: Retention | null, next: Retention, now: Date): void {
  if (before === null || before.until <= now) return
  if (next.until < before.until) throw kept(place, before, 'its retention cannot be made shorter')
  if (before.mode !== next.mode) throw kept(place, before, 'the mode of its retention cannot be changed')
}

/** Throws `store.retained` while the retention runs. */
export function mustHaveEnded(place: string, retention: Retention | null, now: Date): void {
  if (retention !== null && retention.until > now) throw kept(place, retention, 'it stays')
}

/** A retention as it is written down. */
export function retentionText({ mode, until }: Retention): string {
  return JSON.stringify({ mode, until: until.toISOString() })
}

/** Reads {@link retentionText}; null for anything else. */
export function parseRetention(text: string): Retention | null {
  const parsed = SCHEMA.safeParse(parseJson(text))
  return parsed.success ? { mode: parsed.data.mode, until: new Date(parsed.data.until) } : null
}

function kept(place: string, { mode, until }: Retention, why: string): RaingaugeError {
  return new RaingaugeError('store.retained', `${place} is kept until ${until.toISOString()} (${mode}): ${why}`)
}

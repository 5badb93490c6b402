import { createHash } from 'node:crypto'
import { hasCode } from '../error.ts'
import { stateKey } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import { parseState, type IncidentState } from './state.ts'

/** What is remembered, and what it takes to replace just that. */
export type StoredState = {
  state: IncidentState | null
  /** null: nothing is stored. */
  etag: string | null
  /** Where a state that could not be read was put; null when all was well. */
  putAside: string | null
}

/**
 * Reads the incidents of an environment. A state that cannot be read is copied aside, under a key of its own, and counts as none: the
 * run goes on and tells everything anew, which is better than telling nothing. Throws what the store throws.
 */
export async function readState(store: Store, project: string, environment: string): Promise<StoredState> {
  const key = stateKey(project, environment)
  const stored = await store.get(key)
  if (stored === null) return { state: null, etag: null, putAside: null }
  try {
    return { state: parseState(stored.body, store.locate(key)), etag: stored.etag, putAside: null }
  } catch (error) {
    if (!hasCode(error, 'store.corrupt')) throw error
    // Named for its bytes, so that two runs that meet the same wreck write the same copy.
    const digest = createHash('sha256').update(stored.body).digest('hex').slice(0, 12)
    const aside = `${key}.corrupt-${digest}`
    await store.put(aside, stored.body)
    return { state: null, etag: stored.etag, putAside: store.locate(aside) }
  }
}

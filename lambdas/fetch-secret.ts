// Secrets in AWS, asked for lazily and not more often than needed.
import type { StoredSecret } from '../lib/config/config.ts'
import { readStoredSecret } from '../lib/config/read-stored-secret.ts'

/** How long a sandbox goes on with what it fetched: short enough for a rotated password, long enough for one run. */
const TTL_MS = 5 * 60_000

type Cached = { value: string; fetchedAt: number }

const cache = new Map<string, Cached>()

/** The text of the secret; `now` and `patienceMs` in milliseconds. Throws what {@link readStoredSecret} throws, which is not remembered. */
export async function fetchSecret(secret: StoredSecret, now: number, patienceMs?: number): Promise<string> {
  const key = `${secret.kind} ${secret.id}`
  const cached = cache.get(key)
  if (cached !== undefined && now - cached.fetchedAt < TTL_MS) return cached.value
  const value = await readStoredSecret(secret, patienceMs)
  cache.set(key, { value, fetchedAt: now })
  return value
}

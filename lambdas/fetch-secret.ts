// Secrets Manager, asked lazily and not more often than needed.
import { RaingaugeError } from '../lib/error.ts'

/** How long a sandbox goes on with what it fetched: short enough for a rotated password, long enough for one run. */
const TTL_MS = 5 * 60_000

/** For one answer, which takes a few hundredths of a second. */
const PATIENCE_MS = 5_000

type Cached = { value: string; fetchedAt: number }

const cache = new Map<string, Cached>()

/**
 * The value of the secret with that name or ARN; `now` in milliseconds. Throws `secret.unavailable`, which names the secret, also when
 * there is no answer after three times `patienceMs`.
 */
export async function fetchSecret(id: string, now: number, patienceMs = PATIENCE_MS): Promise<string> {
  const cached = cache.get(id)
  if (cached !== undefined && now - cached.fetchedAt < TTL_MS) return cached.value
  const value = await ask(id, patienceMs)
  cache.set(id, { value, fetchedAt: now })
  return value
}

async function ask(id: string, patienceMs: number): Promise<string> {
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager')
  const client = new SecretsManagerClient({
    maxAttempts: 3,
    // The SDK itself waits for ever, and without the last one only warns.
    requestHandler: { connectionTimeout: patienceMs, requestTimeout: patienceMs, throwOnRequestTimeout: true },
  })
  try {
    const { SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId: id }))
    if (text !== undefined && text !== '') return text.trim()
  } catch (cause) {
    throw new RaingaugeError('secret.unavailable', `the secret ${id}: ${words(cause)}`, {
      remedy: "see that it exists in this region, and that the function's role may read it and decrypt it",
      cause,
    })
  } finally {
    client.destroy()
  }
  throw new RaingaugeError('secret.unavailable', `the secret ${id} holds no text`, {
    remedy: 'store the URL itself as the text of the secret',
  })
}

function words(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
}

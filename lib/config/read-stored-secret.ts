// Asks AWS for a secret. Credentials and region come from where the AWS SDK looks for them; its clients are loaded by who needs them.
import { RaingaugeError } from '../error.ts'
import type { StoredSecret } from './config.ts'

/** For one answer, which takes a few hundredths of a second. */
const PATIENCE_MS = 5_000

const TRIES = 3

type Asked = { text: string | undefined; remedy?: string }

/**
 * The text of the secret. Throws `secret.unavailable`, which names it and never holds it, also when there is no answer after three times
 * `patienceMs`.
 */
export async function readStoredSecret(secret: StoredSecret, patienceMs = PATIENCE_MS): Promise<string> {
  const name = describeSecret(secret)
  const { text, remedy } = await ask(secret, patienceMs).catch((cause: unknown) => {
    throw new RaingaugeError('secret.unavailable', `${name}: ${words(cause)}`, {
      remedy:
        'see that it exists in this region (AWS_REGION), and that the role of the function, or the credentials at hand, may read and decrypt it',
      cause,
    })
  })
  if (text !== undefined && text.trim() !== '') return text.trim()
  throw new RaingaugeError('secret.unavailable', `${name} holds no text`, {
    remedy: remedy ?? 'store the URL itself as its text',
  })
}

/** The secret as a person may read it. */
function describeSecret({ kind, id }: StoredSecret): string {
  return kind === 'parameter' ? `the parameter ${id}` : `the secret ${id}`
}

async function ask({ kind, id }: StoredSecret, patienceMs: number): Promise<Asked> {
  switch (kind) {
    case 'secrets-manager': {
      const { askSecretsManager } = await import('./ask-secrets-manager.ts')
      return { text: await askSecretsManager(id, settings(patienceMs)) }
    }
    case 'parameter': {
      const { askParameterStore } = await import('./ask-parameter-store.ts')
      const found = await askParameterStore(id, settings(patienceMs))
      // Others are readable for everybody who may list parameters.
      if (found?.Type !== 'SecureString') return { text: undefined, remedy: 'make it a SecureString' }
      return { text: found.Value }
    }
    default:
      return kind satisfies never
  }
}

function settings(patienceMs: number) {
  return {
    maxAttempts: TRIES,
    // The SDK itself waits for ever, and without the last one only warns.
    requestHandler: { connectionTimeout: patienceMs, requestTimeout: patienceMs, throwOnRequestTimeout: true },
  }
}

function words(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
}

// Finds out what a secret is that a person wrote; what can be seen here already is checked.
import { RaingaugeError } from '../error.ts'
import { Secret } from '../secret.ts'
import type { SecretReference } from './config.ts'
import { WRITTEN_OUT } from './config-document.ts'
import { reportError, type Report } from './config-error.ts'
import type { ConfigOrigin } from './config-origin.ts'
import type { SecretSource } from './secret-source.ts'

/** The secret by reference, or its value where that is at hand: then `check` throws for what it cannot be. Faults are reported at `place`. */
export function parseSecret(
  source: SecretSource,
  place: string,
  origin: ConfigOrigin,
  report: Report,
  check: (text: string) => void,
): SecretReference {
  if (typeof source === 'object' && 'secret' in source) return { kind: 'secrets-manager', id: source.secret }
  if (typeof source === 'object' && 'parameter' in source) return { kind: 'parameter', id: source.parameter }
  if (origin.variables === null) {
    report(place, WRITTEN_OUT.problem, WRITTEN_OUT.remedy)
    return { kind: 'value', value: new Secret('') }
  }
  const text = typeof source === 'string' ? source : origin.variables[source.env]
  if (text === undefined || text === '') {
    const name = typeof source === 'string' ? '' : source.env
    report(place, `the environment variable ${name} is not set`, `set ${name}, or name another variable`)
  } else {
    try {
      check(text)
    } catch (error) {
      reportError(place, error, report)
    }
  }
  return { kind: 'value', value: new Secret(text ?? '') }
}

/** Throws for what is no URL of a webhook; never repeats it. */
export function checkWebhook(text: string): void {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new RaingaugeError('config.invalid', 'is not the URL of a webhook', {
      remedy: 'copy it from the Slack app, https://hooks.slack.com/services/…',
    })
  }
}

/** Throws for what is no private key of age; never repeats it. */
export function checkIdentity(text: string): void {
  if (/^AGE-SECRET-KEY-/m.test(text)) return
  throw new RaingaugeError('config.invalid', 'is no age private key', { remedy: 'give what age-keygen wrote' })
}

// The environments as a person wrote them -> how each is reached.
import { parseDatabaseSecret, parsePlace, type Place } from '../postgres/database-secret.ts'
import type { Environment, RaingaugeConfig } from './config.ts'
import { reportError, type Report } from './config-error.ts'
import type { ConfigOrigin } from './config-origin.ts'
import { completeIam } from './iam-login.ts'
import { parseSecret } from './parse-secret.ts'
import { isSlug } from './slug.ts'

/** In the order in which they were written. Faults are reported. */
export function parseEnvironments(
  written: RaingaugeConfig['environments'],
  origin: ConfigOrigin,
  report: Report,
): Environment[] {
  const seen = new Set<string>()
  return written.map(({ name, url, backupUrl, at, iam }, index) => {
    const place = `environments[${index}]`
    if (!isSlug(name)) {
      report(`${place}.name`, `${JSON.stringify(name)} is no environment name`, 'use small letters, digits, - and _')
    }
    if (seen.has(name)) report(`${place}.name`, `${name} is there twice`, 'give each environment a name of its own')
    seen.add(name)
    const where = at === undefined ? undefined : parseAt(at, `${place}.at`, report)
    const check = (text: string): void => void parseDatabaseSecret(text, where)
    return {
      name,
      url: parseSecret(url, `${place}.url (${name})`, origin, report, check),
      ...(backupUrl === undefined
        ? {}
        : { backupUrl: parseSecret(backupUrl, `${place}.backupUrl (${name})`, origin, report, check) }),
      ...(where === undefined ? {} : { at: where }),
      ...(iam === undefined ? {} : { iam: completeIam(iam) }),
    }
  })
}

function parseAt(text: string, place: string, report: Report): Place | undefined {
  try {
    return parsePlace(text)
  } catch (error) {
    reportError(place, error, report)
    return undefined
  }
}

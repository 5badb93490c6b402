import { inspect } from 'node:util'

/** A value that must never be printed: every way of turning it into text gives `***`, and only `reveal()` gives it back. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The value itself, for the one call that needs it. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return '***'
  }

  toJSON(): string {
    return '***'
  }

  [inspect.custom](): string {
    return '***'
  }
}

/** Shorter values would black out ordinary words. */
const SHORTEST_REDACTED = 4

/**
 * Makes the function that the edges (terminal, Slack, files, logs) pass their text through. It blacks out every given
 * value, as it stands and percent-encoded, and the credentials in anything that looks like a Postgres URL.
 * A second line of defence: the first is that no message is ever built from a secret.
 */
export function redactor(secrets: Iterable<string>): (text: string) => string {
  const values = new Set<string>()
  for (const secret of secrets) {
    if (secret.length >= SHORTEST_REDACTED) {
      values.add(secret)
      values.add(encodeURIComponent(secret))
    }
  }
  const longestFirst = [...values].toSorted((a, b) => b.length - a.length)
  return (text) => {
    let clean = text
    for (const value of longestFirst) clean = clean.replaceAll(value, '***')
    return clean.replaceAll(/(postgres(?:ql)?:\/\/[^\s:@/]*):[^\s@/]*@/g, '$1:***@')
  }
}

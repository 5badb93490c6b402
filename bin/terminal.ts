// The two streams of a command: results on stdout, everything else on stderr, and no secret on either.
import { stripVTControlCharacters } from 'node:util'
import { redactor } from '../lib/secret.ts'

export type Terminal = {
  color: boolean
  /** Whether somebody may watch: stderr is a terminal. */
  interactive: boolean
  /** Gives the result. With `--json` the only thing ever written to stdout. */
  result: (text: string) => void
  /** Says what is being done, on a line that the next one replaces; only where stderr is a terminal. */
  progress: (line: string) => void
  /** Says what went wrong, or what a person should know beside the result. */
  say: (line: string) => void
  /** Blacks this text out in whatever is written from now on. */
  conceal: (secret: string) => void
}

export function openTerminal(
  stdout: NodeJS.WriteStream,
  stderr: NodeJS.WriteStream,
  variables: Readonly<Record<string, string | undefined>>,
): Terminal {
  const secrets = new Set<string>()
  const clean = (text: string): string => redactor(secrets)(text)
  const wipe = stderr.isTTY ? '\r\u001B[2K' : ''
  return {
    color: stdout.isTTY && !variables['NO_COLOR'],
    interactive: stderr.isTTY,
    result(text) {
      stderr.write(wipe)
      stdout.write(`${clean(text)}\n`)
    },
    progress(line) {
      if (!stderr.isTTY) return
      const text = stripVTControlCharacters(clean(line)).replaceAll(/\s+/g, ' ')
      stderr.write(`${wipe}${text.slice(0, (stderr.columns || 80) - 1)}`)
    },
    say(line) {
      stderr.write(`${wipe}${clean(line)}\n`)
    },
    conceal(secret) {
      secrets.add(secret)
    },
  }
}

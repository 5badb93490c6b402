import { redactor } from '../lib/secret.ts'

export type LogLevel = 'INFO' | 'ERROR'

export type FunctionLog = {
  write(level: LogLevel, message: string, details?: Record<string, unknown>): void
  /** Writes lines that are whole already, and have no room for a secret: names of the configuration, and numbers. */
  metrics(lines: readonly string[]): void
  /** Blacks the text out from here on. */
  conceal(secret: string): void
  redact(text: string): string
}

/** Writes one line of JSON per message, with the keys that CloudWatch knows (Lambda Developer Guide, "JSON log format"). */
export function functionLog(out: NodeJS.WritableStream, requestId: string, job: string): FunctionLog {
  const secrets = new Set<string>()
  const redact = (text: string): string => redactor(secrets)(text)
  return {
    write(level, message, details = {}) {
      const line = JSON.stringify({ timestamp: new Date().toISOString(), level, requestId, job, message, ...details })
      out.write(`${redact(line)}\n`)
    },
    metrics(lines) {
      for (const line of lines) out.write(`${line}\n`)
    },
    conceal(secret) {
      secrets.add(secret)
      if (URL.canParse(secret)) secrets.add(decodeURIComponent(new URL(secret).password))
    },
    redact,
  }
}

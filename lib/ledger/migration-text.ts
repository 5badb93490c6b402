// The text of a migration: its hash as Drizzle takes it, and the same text with other line endings.
import { createHash } from 'node:crypto'

/** The hash that Drizzle records: SHA-256 of the whole text (drizzle-orm `migrator.js`, `readMigrationFiles`). */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** The text with every line ending made LF, and made CRLF, without what it is already. Git turns one into the other. */
export function withOtherEndings(text: string): string[] {
  const lf = text.replaceAll('\r\n', '\n')
  return [lf, lf.replaceAll('\n', '\r\n')].filter((each) => each !== text)
}

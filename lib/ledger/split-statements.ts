// Drizzle's own split of a migration into statements.
import { readFile } from 'node:fs/promises'
import { RaingaugeError } from '../error.ts'
import type { Migration } from './folder.ts'
import { hashOf, withOtherEndings } from './migration-text.ts'

const BREAKPOINT = '--> statement-breakpoint'

/**
 * The chunks that Drizzle sends one by one: split at `--> statement-breakpoint` wherever it stands, even within a string, and
 * not at any semicolon (drizzle-orm 0.45.4 `migrator.js`, `readMigrationFiles`; the same in 1.0). A chunk may hold several statements, or none.
 */
function splitStatements(sql: string): string[] {
  return sql.split(BREAKPOINT)
}

/**
 * The chunks of exactly the text whose hash the migration has: where the file has that text only with other line endings,
 * it is given those. Throws `folder.missing` or `folder.invalid` where the file is gone, or another, since the folder was read.
 */
export async function readStatements(migration: Migration): Promise<string[]> {
  const text = await read(migration)
  const recorded = [text, ...withOtherEndings(text)].find((each) => hashOf(each) === migration.hash)
  if (recorded === undefined) {
    throw new RaingaugeError('folder.invalid', `${migration.path} changed while it was being worked with`, {
      remedy: 'run again when nothing writes to the migrations folder',
    })
  }
  return splitStatements(recorded)
}

async function read(migration: Migration): Promise<string> {
  try {
    return await readFile(migration.path, 'utf8')
  } catch (cause) {
    throw new RaingaugeError('folder.missing', `${migration.path} cannot be read any more`, {
      remedy: 'run again when nothing writes to the migrations folder',
      cause,
    })
  }
}

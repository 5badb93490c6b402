// What pg_dump 18 writes of an older server's objects, in words that an older server understands.
import pg from 'pg'
import type { TocEntry } from '../format/toc-entry.ts'

/** NOT NULL as a constraint of the table came with 18, and whether a subscription runs as its owner with 16. */
const HAS_TABLE_NOT_NULL = 18
const HAS_RUN_AS_OWNER = 16

/**
 * The statement as a server of that major takes it. pg_dump writes a column's own NOT NULL over an inherited column as a constraint of the
 * table, and `run_as_owner` of every subscription, whatever server it dumped (pg_dump.c, dumpTableSchema and dumpSubscription).
 */
export function forServer(entry: TocEntry, statement: string, major: number): string[] {
  if (entry.desc === 'SUBSCRIPTION' && major < HAS_RUN_AS_OWNER) return [statement.replace(/, run_as_owner = true/, '')]
  if (entry.desc !== 'TABLE' || major >= HAS_TABLE_NOT_NULL) return [statement]
  const lines = [...statement.matchAll(NOT_NULL_LINE)].filter(({ index }) => !isInText(statement, index))
  if (lines.length === 0) return [statement]
  const table = `${pg.escapeIdentifier(entry.namespace)}.${pg.escapeIdentifier(entry.tag)}`
  const shorter = lines.reduceRight((text, { index, 0: line }) => cutLine(text, index, line.length), statement)
  return [shorter, ...lines.map(([, column = '']) => `ALTER TABLE ONLY ${table} ALTER COLUMN ${column} SET NOT NULL`)]
}

/** A line of the list that is nothing but such a constraint; a quoted name may hold anything but its own end. */
const NOT_NULL_LINE =
  /^ {4}(?:CONSTRAINT (?:"(?:[^"]|"")*"|[\w$]+) )?NOT NULL ("(?:[^"]|"")*"|[\w$]+)(?: NO INHERIT)?,?$/gm

/** A line of a default or a check may look the same, within quotes. */
function isInText(statement: string, index: number): boolean {
  return statement.slice(0, index).split("'").length % 2 === 0
}

/** Takes the line out; where it was the last of the list, the one before it now is. */
function cutLine(statement: string, start: number, length: number): string {
  const [before, after] = [statement.slice(0, start), statement.slice(start + length + 1)]
  return after.startsWith(')') ? `${before.replace(/,\n$/, '\n')}${after}` : before + after
}

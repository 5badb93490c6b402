// Quoting that leaves no line break in a statement, so that nobody can smuggle a line of their own into globals.sql: manual, 4.1.
import pg from 'pg'

const BREAK = /[\n\r]/

export function literal(value: string): string {
  if (!BREAK.test(value)) return pg.escapeLiteral(value)
  const escaped = value.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\n', '\\n').replaceAll('\r', '\\r')
  return `E'${escaped}'`
}

export function identifier(name: string): string {
  if (!BREAK.test(name)) return pg.escapeIdentifier(name)
  const escaped = name
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '""')
    .replaceAll('\n', '\\000a')
    .replaceAll('\r', '\\000d')
  return `U&"${escaped}"`
}

// globals.sql: for psql, and for people, and back again into statements.
import { corrupt } from '../corrupt.ts'
import { GLOBAL_KINDS, type Globals, type GlobalStatement } from './globals.ts'
import { globalStatements } from './global-statements.ts'
import { identifier } from './one-line.ts'
import { secretSettings } from './setting-statement.ts'

const FIRST_LINE = '-- raingauge globals 1'
const MARK = '-- raingauge: '

/** The file for these globals. It says what is not in it: passwords never are. */
export function formatGlobals(globals: Globals): string {
  const { database, roles } = globals
  const logins = roles.filter(({ attributes }) => attributes.includes('LOGIN')).map(({ name }) => name)
  const secrets = secretSettings(globals.settings)
  const locale = Object.entries(database.locale).map(([key, value]) => `${key.replace(/^dat/, '')} ${value}`)
  return [
    FIRST_LINE,
    '-- What pg_dump leaves out. Roles that are there already are left as they are.',
    `-- Passwords are not in it: give one to ${comment(logins.join(', ') || 'nobody')}.`,
    ...(secrets.length === 0 ? [] : [`-- Left out, since they look like secrets: ${comment(secrets.join(', '))}.`]),
    `-- The database was ${comment(`${database.name}, owned by ${database.owner}, ${database.encoding}, ${locale.join(', ')}`)}.`,
    '',
    ...globalStatements(globals).map(({ kind, name, sql }) => `${MARK}${JSON.stringify({ kind, name })}\n${sql};\n`),
  ].join('\n')
}

/** The statements of a globals.sql, in its order. Throws `archive.corrupt` for what is not one. */
export function parseGlobals(file: string): GlobalStatement[] {
  if (!file.startsWith(`${FIRST_LINE}\n`)) throw corrupt('globals.sql is not as it should be: its first line')
  return file
    .split(/^-- raingauge: (?=\{)/m)
    .slice(1)
    .map(parseOne)
}

/** The same statement for a database of another name. */
export function forDatabase(statement: GlobalStatement, database: string): GlobalStatement {
  if (statement.kind !== 'database-setting' && statement.kind !== 'role-setting') return statement
  // The database is named before SET, by a quoted name, in which every quote is doubled.
  const sql = statement.sql.replace(
    /^(ALTER (?:ROLE (?:U&)?"(?:[^"]|"")*" IN )?DATABASE )(?:U&)?"(?:[^"]|"")*"/,
    (_, start: string) => start + identifier(database),
  )
  return { ...statement, sql, name: statement.kind === 'database-setting' ? database : statement.name }
}

function parseOne(part: string): GlobalStatement {
  const end = part.indexOf('\n')
  const { kind, name } = readMark(part.slice(0, end))
  const known = GLOBAL_KINDS.find((each) => each === kind)
  const sql = part.slice(end + 1).trimEnd()
  if (known === undefined || typeof name !== 'string' || !sql.endsWith(';')) {
    throw corrupt(`globals.sql is not as it should be: ${part.slice(0, Math.max(0, end))}`)
  }
  return { kind: known, name, sql: sql.slice(0, -1) }
}

function readMark(line: string): { kind?: unknown; name?: unknown } {
  try {
    const mark: unknown = JSON.parse(line)
    return typeof mark === 'object' && mark !== null ? mark : {}
  } catch (cause) {
    throw corrupt(`globals.sql is not as it should be: ${line}`, cause)
  }
}

/** One line whatever is in it. */
function comment(words: string): string {
  return words.replaceAll(/\s+/g, ' ')
}

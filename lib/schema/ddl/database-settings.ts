import pg from 'pg'

/** Settings whose value is a list of names (guc.c, GUC_LIST_QUOTE). */
const LISTS = new Set([
  'search_path',
  'temp_tablespaces',
  'local_preload_libraries',
  'session_preload_libraries',
  'unix_socket_directories',
])

/** A statement with `%I` for the name of the database that it runs in, whatever that is; any other `%` is doubled. */
export function onThisDatabase(statement: string): string {
  const template = pg.escapeLiteral(statement)
  return `DO $raingauge$ BEGIN EXECUTE pg_catalog.format(${template}, pg_catalog.current_database()); END $raingauge$`
}

/** From one list of `name=value` to the other, on whatever this database is called. `role`: only for that role. */
export function databaseSettings(from: readonly string[], to: readonly string[], role?: string): string[] {
  const kept = new Set(names(to))
  const changes = [
    ...names(from)
      .filter((name) => !kept.has(name))
      .map((name) => `RESET ${settingName(name)}`),
    ...to.filter((each) => !from.includes(each)).map(setTo),
  ]
  return changes.map((change) => {
    const alter =
      role === undefined
        ? 'ALTER DATABASE %I'
        : `ALTER ROLE ${pg.escapeIdentifier(role).replaceAll('%', '%%')} IN DATABASE %I`
    return onThisDatabase(`${alter} ${change.replaceAll('%', '%%')}`)
  })
}

function setTo(setting: string): string {
  const [name = '', ...parts] = setting.split('=')
  const value = parts.join('=')
  return `SET ${settingName(name)} TO ${LISTS.has(name) ? literals(value) : pg.escapeLiteral(value)}`
}

/** As pg_dump writes lists: a name may be empty, which no identifier is. */
function literals(list: string): string {
  const quoted = list.match(/"(?:[^"]|"")*"|[^\s,]+/g) ?? ['']
  return quoted
    .map((name) => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name))
    .map((name) => pg.escapeLiteral(name))
    .join(', ')
}

function settingName(name: string): string {
  return name
    .split('.')
    .map((part) => pg.escapeIdentifier(part))
    .join('.')
}

function names(settings: readonly string[]): string[] {
  return settings.map((each) => each.split('=')[0] ?? '')
}

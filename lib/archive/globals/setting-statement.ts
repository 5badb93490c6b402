import type { GlobalStatement } from './globals.ts'
import { identifier, literal } from './one-line.ts'
import type { SettingRow } from './sql/settings.ts'

/** Settings that hold a list of names, each quoted for itself: variable_is_guc_list_quote in pg_dump's dumputils.c. */
const LISTS = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
])

/** People keep keys in settings of their own making: those are no more for this file than passwords are. */
const LOOKS_SECRET = /secret|passw|token|credential|private|api_?key|_key$/i

/** ALTER ROLE or ALTER DATABASE … SET; null for what looks like a secret by its name. */
export function settingStatement({ role, database, setting }: SettingRow): GlobalStatement | null {
  const at = setting.indexOf('=')
  const [parameter, value] = [setting.slice(0, at), setting.slice(at + 1)]
  if (LOOKS_SECRET.test(parameter)) return null
  const to = LISTS.has(parameter) ? splitNames(value).map(literal).join(', ') : literal(value)
  const set = `SET ${parameter.split('.').map(identifier).join('.')} TO ${to || "''"}`
  if (role === null) {
    const here = identifier(database ?? '')
    return { kind: 'database-setting', name: database ?? '', sql: `ALTER DATABASE ${here} ${set}` }
  }
  const inDatabase = database === null ? '' : ` IN DATABASE ${identifier(database)}`
  return { kind: 'role-setting', name: role, sql: `ALTER ROLE ${identifier(role)}${inDatabase} ${set}` }
}

/** The names of settings that {@link settingStatement} leaves out. */
export function secretSettings(settings: readonly SettingRow[]): string[] {
  const names = settings.map(({ setting }) => setting.slice(0, setting.indexOf('=')))
  return [...new Set(names.filter((name) => LOOKS_SECRET.test(name)))].toSorted()
}

/** `"$user", public`: names with commas between, in double quotes where they need them (SplitGUCList). */
function splitNames(list: string): string[] {
  return [...list.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^",]+?))\s*(?:,|$)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  )
}

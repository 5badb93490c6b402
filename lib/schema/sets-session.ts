// Migrations that change their session or leave something in it: what comes after them in the same deploy finds it so.
import type { Migration } from '../ledger/folder.ts'
import { readStatements } from '../ledger/split-statements.ts'

const BLANK = String.raw`(?:\s|--[^\n]*(?:\n|$)|/\*[^]*?\*/)*`
/** Those that decide what a statement makes, or where (manual, chapter 19.11). */
const SETTINGS = String.raw`search_path|role|session|default_\w+|time\s*zone|datestyle|intervalstyle|xml\w*`
const SETS = new RegExp(
  String.raw`(?:^|;)${BLANK}SET\s+(?:LOCAL\s+|SESSION\s+)?"?(?:${SETTINGS})\b|\bset_config\s*\(|\bON\s+COMMIT\s+D`,
  'i',
)

/** True where one of the migrations sets what later ones may lean on, or makes a table, for its transaction or for the session. */
export async function setsSession(migrations: readonly Migration[]): Promise<boolean> {
  for (const migration of migrations) {
    const statements = await readStatements(migration)
    if (statements.some((statement) => SETS.test(statement))) return true
  }
  return false
}

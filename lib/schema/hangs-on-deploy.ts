// Migrations whose outcome hangs on which others were deployed in the same transaction.
import type { Migration } from '../ledger/folder.ts'
import { readStatements } from '../ledger/split-statements.ts'

const BLANK = String.raw`(?:\s|--[^\n]*(?:\n|$)|/\*[^]*?\*/)*`
/** Those that decide what a statement makes, or where (manual, chapter 19.11). */
const SETTINGS = String.raw`search_path|role|session|default_\w+|time\s*zone|datestyle|intervalstyle|xml\w*`
const SETS = new RegExp(
  String.raw`(?:^|;)${BLANK}SET\s+(?:LOCAL\s+|SESSION\s+)?"?(?:${SETTINGS})\b|\bset_config\s*\(|\bON\s+COMMIT\s+D`,
  'i',
)

/** What is there already is so in any transaction: Drizzle itself once wrote that. */
const GOES_ON = /\bEXCEPTION\s+WHEN\s+(?!duplicate_\w+\s+THEN\b)/i

/**
 * True where one of the migrations leaves something that later ones may find, for its transaction or for the session, or goes on where a
 * statement fails: a value that was just added to an enum may be used only where the enum is of the same transaction.
 */
export async function hangsOnDeploy(migrations: readonly Migration[]): Promise<boolean> {
  for (const migration of migrations) {
    const statements = await readStatements(migration)
    if (statements.some((statement) => SETS.test(statement) || GOES_ON.test(statement))) return true
  }
  return false
}

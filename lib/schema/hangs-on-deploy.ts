// Migrations whose outcome hangs on how they were deployed: with which others in the same transaction, by whom, in which time zone.
import type { Migration } from '../ledger/folder.ts'
import { readStatements } from '../ledger/split-statements.ts'
import { transactionEnd } from '../ledger/transaction-control.ts'

const BLANK = String.raw`(?:\s|--[^\n]*(?:\n|$)|/\*[^]*?\*/)*`
/** Those that decide what a statement makes, or where (manual, chapter 19.11). */
const SETTINGS = String.raw`search_path|role|session|default_\w+|time\s*zone|datestyle|intervalstyle|xml\w*`
const SETS = new RegExp(
  String.raw`(?:^|;)${BLANK}SET\s+(?:LOCAL\s+|SESSION\s+)?"?(?:${SETTINGS})\b|\bset_config\s*\(|\bON\s+COMMIT\s+D`,
  'i',
)

/** What later sessions find, and this one does not. */
const KEEPS = new RegExp(String.raw`\bALTER\s+(?:DATABASE|ROLE|USER)\b[^;]*?\bSET\s+"?(?:${SETTINGS})\b`, 'i')

/** What is there already is so in any transaction: Drizzle itself once wrote that. */
const GOES_ON = /\bEXCEPTION\s+WHEN\s+(?!duplicate_\w+\s+THEN\b)/i

/**
 * True where one of the migrations leaves something that later ones may find, for its transaction or for the session, or goes on where a
 * statement fails: a value that was just added to an enum may be used only where the enum is of the same transaction.
 */
export async function hangsOnDeploy(migrations: readonly Migration[]): Promise<boolean> {
  return await someStatement(migrations, (statement) => [SETS, KEEPS, GOES_ON].some((each) => each.test(statement)))
}

/** True where one of the migrations ends the transaction in which it is run. */
export async function endsTransaction(migrations: readonly Migration[]): Promise<boolean> {
  return await someStatement(migrations, (statement) => transactionEnd(statement) !== null)
}

const ASKS_WHO =
  /\brol(?:super|create\w+)\b|\bis_superuser\b|\bpg_has_role\b|\bhas_\w+_privilege\b|\b(?:current|session)_(?:user|role)\b/i

/**
 * True where one of the migrations goes on where a statement fails, asks who runs it or what that may do (a superuser may do anything), or
 * names the role: what `FOR ROLE app` says of the future holds for what `app` makes.
 */
export async function hangsOnDeployer(migrations: readonly Migration[], name: string): Promise<boolean> {
  const named = new RegExp(String.raw`(?<![\w$])${name.replaceAll(/\W/g, String.raw`\$&`)}(?![\w$])`)
  return await someStatement(migrations, (statement) => [GOES_ON, ASKS_WHO, named].some((each) => each.test(statement)))
}

const DATE = /'\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}/

/** True where one of the migrations writes a date: which moment that is, the settings of the session decide. */
export async function hangsOnSettings(migrations: readonly Migration[]): Promise<boolean> {
  return await someStatement(migrations, (statement) => DATE.test(statement))
}

async function someStatement(migrations: readonly Migration[], is: (statement: string) => boolean): Promise<boolean> {
  for (const migration of migrations) {
    if ((await readStatements(migration)).some(is)) return true
  }
  return false
}

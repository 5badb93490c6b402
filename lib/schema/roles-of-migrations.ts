// The roles that migrations make, and whether they look for any: roles belong to the whole server, not to the database.
import type { Migration } from '../ledger/folder.ts'
import { readStatements } from '../ledger/split-statements.ts'
import { rolesMade } from './adapt-statement.ts'

/** The names of the roles that the migrations make, wherever in their text. */
export async function rolesOf(migrations: readonly Migration[]): Promise<string[]> {
  const statements = (await Promise.all(migrations.map(readStatements))).flat()
  return [...new Set(statements.flatMap(rolesMade))]
}

/** Where SQL looks a role up, or makes one: what it does may hang on which are there. */
const ASKS =
  /\b(?:pg_roles|pg_authid|pg_user|pg_group|pg_auth_members|to_regrole|regrole|CREATE\s+(?:ROLE|USER|GROUP))\b/i

/** True where it may matter to the migrations which roles the server has: a replay needs a server without those of others. */
export async function asksForRoles(migrations: readonly Migration[]): Promise<boolean> {
  const statements = (await Promise.all(migrations.map(readStatements))).flat()
  return statements.some((statement) => ASKS.test(statement))
}

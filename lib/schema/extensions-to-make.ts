import type { Migration } from '../ledger/folder.ts'
import { readStatements } from '../ledger/split-statements.ts'
import type { ExtensionName } from './replay-baseline.ts'

/** Those live extensions that no migration makes itself, for a replay that fails without them. */
export async function extensionsToMake(
  live: readonly ExtensionName[],
  migrations: readonly Migration[],
): Promise<ExtensionName[]> {
  const made = await extensionsOf(migrations)
  return live.filter((each) => isNoPart(each) && !made.has(each.name))
}

/** The server itself brings plpgsql. */
export function isNoPart({ name }: ExtensionName): boolean {
  return name !== 'plpgsql'
}

/** Those live extensions that the migrations name without making them: they ask whether one is there. */
export async function extensionsNamed(
  live: readonly ExtensionName[],
  migrations: readonly Migration[],
): Promise<ExtensionName[]> {
  const text = (await Promise.all(migrations.map(readStatements))).flat().join('\n')
  return (await extensionsToMake(live, migrations)).filter(({ name }) => text.includes(name))
}

const ASKS =
  /\b(?:pg_am|pg_opclass|pg_extension|pg_available_extensions?|pg_namespace|schemata|to_reg\w+|undefined_\w+|OTHERS)\b/i

/** True where migrations ask whether an extension, or what a platform has, is there, and go on where it is not. */
export async function asksWhatIsThere(migrations: readonly Migration[]): Promise<boolean> {
  const statements = (await Promise.all(migrations.map(readStatements))).flat()
  return statements.some((statement) => ASKS.test(statement))
}

/** The extensions that the migrations make. */
export async function extensionsOf(migrations: readonly Migration[]): Promise<Set<string>> {
  const statements = await Promise.all(migrations.map(readStatements))
  return extensionsMade(statements.flat().join('\n'))
}

/** The extensions that this SQL creates; what it has in comments it does not. */
export function extensionsMade(sql: string): Set<string> {
  const creations = sql
    .replaceAll(/--[^\n]*/g, '')
    .matchAll(/\bCREATE\s+EXTENSION\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:"([^"]+)"|([a-z_][\w$]*))/gi)
  return new Set([...creations].map(([, quoted, bare = '']) => quoted ?? bare.toLowerCase()))
}

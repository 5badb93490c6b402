// The schemas that sessions look into, where no migration makes them.
import type { Migration } from '../ledger/folder.ts'
import { readStatements } from '../ledger/split-statements.ts'
import type { Catalog } from './catalog.ts'

const NAME = String.raw`(?:"(?:[^"]|"")+"|[A-Za-z_][\w$]*)`
const CREATED = new RegExp(String.raw`\bCREATE\s+SCHEMA\s+(?:IF\s+NOT\s+EXISTS\s+)?(?<name>${NAME})`, 'gi')

/** Those of a `search_path` that the live database has and the migrations lean on without making them. `user`: who looks. */
export async function schemasOfPath(
  path: string,
  user: string,
  live: Catalog,
  migrations: readonly Migration[],
): Promise<string[]> {
  const statements = (await Promise.all(migrations.map(readStatements))).flat()
  const made = new Set(
    statements.flatMap((each) => [...each.matchAll(CREATED)].map(({ groups }) => unquoted(groups?.['name'] ?? ''))),
  )
  const there = new Set(live.objects.flatMap(({ class: kind, path: [name] }) => (kind === 'schema' ? [name] : [])))
  const named = [...path.matchAll(new RegExp(NAME, 'g'))].map(([name]) => (name === '"$user"' ? user : unquoted(name)))
  return [...new Set(named)].filter((name) => name !== 'public' && there.has(name) && !made.has(name))
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase()
}

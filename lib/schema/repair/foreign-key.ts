// What a foreign key ties together.
import type { CatalogObject } from '../catalog.ts'
import { has, list, text } from '../ddl/fact-text.ts'
import { parseName } from '../ddl/parse-name.ts'

export type ForeignKey = {
  table: string[]
  columns: string[]
  referred: string[]
  referredColumns: string[]
}

const NAME = String.raw`(?:"(?:[^"]|"")*"|[^\s".(),]+)`
const LIST = String.raw`\(((?:"(?:[^"]|"")*"|[^")])*)\)`
const DEFINITION = new RegExp(String.raw`^FOREIGN KEY ${LIST} REFERENCES (${NAME}\.${NAME})${LIST}`)

/** Both ends, of what pg_get_constraintdef writes (ruleutils.c); undefined for any other constraint. */
export function foreignKeyOf(object: CatalogObject): ForeignKey | undefined {
  if (!isForeignKey(object)) return undefined
  // Each difference asks it of all of them.
  const known = KNOWN.has(object) ? KNOWN.get(object) : readForeignKey(object)
  KNOWN.set(object, known)
  return known
}

export function isForeignKey({ class: kind, attributes }: CatalogObject): boolean {
  return kind === 'constraint' && attributes.kind === 'FOREIGN KEY'
}

/** False where neither end of the foreign key can be in the table that the column or key is of: most are told so unread. */
export function mayTie(object: CatalogObject, { path: [, table = ''] }: CatalogObject): boolean {
  if (object.path[1] === table || table.includes('"')) return true
  return text(object, 'definition')?.includes(table) === true
}

const KNOWN = new WeakMap<CatalogObject, ForeignKey | undefined>()

function readForeignKey(object: CatalogObject): ForeignKey | undefined {
  const found = DEFINITION.exec(text(object, 'definition') ?? '')
  if (found === null) return undefined
  const [, columns = '', referred = '', referredColumns = ''] = found
  return {
    table: object.path.slice(0, 2),
    columns: namesOf(columns),
    referred: parseName(referred),
    referredColumns: namesOf(referredColumns),
  }
}

/** True where the column is at either end. */
export function ties({ table, columns, referred, referredColumns }: ForeignKey, column: CatalogObject): boolean {
  const name = column.path.at(-1) ?? ''
  return (
    (sameTable(table, column) && columns.includes(name)) ||
    (sameTable(referred, column) && referredColumns.includes(name))
  )
}

/** True where this key, or unique index, is one that the foreign key can stand on. */
export function standsOn({ referred, referredColumns }: ForeignKey, key: CatalogObject): boolean {
  // Nor on a key that waits for the end of the transaction.
  if (has(key, 'deferrable')) return false
  return sameTable(referred, key) && keyColumns(key)?.toSorted().join() === referredColumns.toSorted().join()
}

function sameTable(table: readonly string[], { path }: CatalogObject): boolean {
  return table.join('.') === path.slice(0, 2).join('.')
}

/** undefined for what no foreign key can stand on. */
function keyColumns(key: CatalogObject): string[] | undefined {
  if (key.class === 'index') {
    const whole = key.attributes.unique === true && key.attributes.predicate === undefined
    return whole ? list(key, 'columns').flatMap(namesOf) : undefined
  }
  const found = new RegExp(String.raw`^(?:PRIMARY KEY|UNIQUE)[A-Z ]* ${LIST}`).exec(text(key, 'definition') ?? '')
  return found === null ? undefined : namesOf(found[1] ?? '')
}

function namesOf(columns: string): string[] {
  return [...columns.matchAll(/(?:PERIOD )?("(?:[^"]|"")*"|[^,\s"]+)(?: [^,]*)?/g)].map(
    ([, name = '']) => parseName(name)[0] ?? '',
  )
}

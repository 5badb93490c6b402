// What lives in one schema leans on one another in any direction that the server allows.
import { objectKey, type CatalogObject } from '../catalog.ts'

/**
 * The roots, each after whatever of `all` it leans on, which comes along. Columns, keys and checks speak for their table; `later`: what
 * keys and checks call may follow it, since they are added last. In a circle, which only bodies of functions can close, what was asked for first
 * waits for the other.
 */
export function leanedOnFirst(
  roots: readonly CatalogObject[],
  all: readonly CatalogObject[],
  checks: 'with their table' | 'later' = 'with their table',
): CatalogObject[] {
  const [columns = [], checked = []] = [true, false].map((isColumn) =>
    all.filter((each) => isPart(each) && (each.class === 'column') === isColumn),
  )
  const added = checks === 'later' ? checked : []
  const speaking = checks === 'later' ? columns : [...columns, ...checked]
  const parts = Map.groupBy(speaking, (each) => each.parent ?? '')
  const makers = Map.groupBy(
    all.filter((each) => MADE.has(each.class)),
    ({ path }) => JSON.stringify(path),
  )
  const order = new Set<CatalogObject>()
  const seen = new Set<CatalogObject>()
  const visit = (each: CatalogObject): void => {
    if (seen.has(each)) return
    seen.add(each)
    const own = [each, ...(parts.get(objectKey(each)) ?? [])]
    for (const name of new Set(own.flatMap(qualifiedNamesIn))) makers.get(name)?.forEach(visit)
    order.add(each)
  }
  roots.forEach(visit)
  for (const name of new Set(added.flatMap(qualifiedNamesIn))) makers.get(name)?.forEach(visit)
  return [...order]
}

/** What others lean on, and is made by a statement of its own. */
const MADE: ReadonlySet<string> = new Set([
  'collation',
  'enum',
  'domain',
  'composite type',
  'range type',
  'table',
  'foreign table',
  'function',
  'operator',
  'view',
  'materialized view',
])

/** A foreign key comes after all tables. */
function isPart({ class: kind, attributes }: CatalogObject): boolean {
  return kind === 'column' || (kind === 'constraint' && attributes.kind !== 'FOREIGN KEY')
}

const NAME = String.raw`(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\d_$]*)`
const QUALIFIED = new RegExp(String.raw`(${NAME})\.(${NAME})`, 'gu')
const OPERATOR = new RegExp(String.raw`OPERATOR\((${NAME})\.([^)\w\s]+)\)`, 'gu')

/** Every `schema.name` in the texts of an object, as JSON of the two. The server looks into bodies of SQL functions, too. */
function qualifiedNamesIn({ attributes, signature = '', definition = '' }: CatalogObject): string[] {
  const told = [signature, definition, ...Object.values(attributes).map(String)].join('\n')
  return qualifiedNames(told).map((each) => JSON.stringify(each))
}

/** Every `schema.name` in a text. */
export function qualifiedNames(told: string): [schema: string, name: string][] {
  return [...told.matchAll(QUALIFIED), ...told.matchAll(OPERATOR)].map(([, schema = '', name = '']) => [
    unquoted(schema),
    unquoted(name),
  ])
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name
}

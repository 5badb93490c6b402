// What the server refuses to change while there are tables of it, whatever is taken away first.
import { qualifiedName, type CatalogObject } from '../catalog.ts'
import { has, list, text } from '../ddl/fact-text.ts'
import { parseName } from '../ddl/parse-name.ts'
import type { Difference } from '../difference.ts'
import { isRetyped } from './barred.ts'
import { namesIn } from './names-in.ts'
import { mentions } from './unused-anew.ts'

/** True where the change would fail on these objects, which are there (tablecmds.c, typecmds.c). */
export function isRefused(difference: Difference, objects: readonly CatalogObject[]): boolean {
  if (difference.kind !== 'changed') return false
  return (
    isRetypedInUse(difference, objects) ||
    isStricterInside(difference, objects) ||
    isPartOfKey(difference, objects) ||
    isOtherDictionary(difference, objects)
  )
}

type Changed = Extract<Difference, { kind: 'changed' }>

/** The server changes no field of a composite type that a column has, nor anything of one that makes a table. */
function isRetypedInUse({ actual, expected, attributes }: Changed, objects: readonly CatalogObject[]): boolean {
  const [from, to] = [actual.object, expected.object]
  if (from.class !== 'composite type' || !attributes.includes('fields')) return false
  const name = qualifiedName(from.path)
  const before = new Map(list(from, 'fields').map((each) => [each.split(' ')[0], each]))
  const retyped = list(to, 'fields').some((each) => (before.get(each.split(' ')[0]) ?? each) !== each)
  return objects.some(
    (each) => HOLDING.has(each.class) && mentions(each, name) && (retyped || each.attributes.ofType !== undefined),
  )
}

const HOLDING = new Set(['table', 'column', 'composite type', 'domain', 'range type', 'materialized view'])

/** It looks through the values of columns that are of the domain, and of none that hold it inside of an array or a row. */
function isStricterInside({ actual, expected, attributes }: Changed, objects: readonly CatalogObject[]): boolean {
  const [from, to] = [actual.object, expected.object]
  if (from.class !== 'domain' || attributes.includes('type') || attributes.includes('collation')) return false
  const comes = list(to, 'constraints').some((each) => !list(from, 'constraints').includes(each))
  const stricter = attributes.includes('notNull') && has(to, 'notNull')
  if (!stricter && !(attributes.includes('constraints') && comes)) return false
  const name = qualifiedName(from.path)
  return objects.some((each) => {
    const isInside = each.class === 'column' && text(each, 'type') !== name && text(each, 'type')?.endsWith(']')
    return (isInside === true || each.class === 'composite type' || each.class === 'range type') && mentions(each, name)
  })
}

/** A dictionary has its template for good, and what searches with it keeps it from going. */
function isOtherDictionary({ actual: { object }, attributes }: Changed, objects: readonly CatalogObject[]): boolean {
  if (object.class !== 'text search dictionary' || !attributes.includes('template')) return false
  const name = object.path.at(-1) ?? ''
  return objects.some((each) => each.class === 'text search configuration' && namesIn(each).has(name))
}

/** Nor does a column get another type that rows are put into partitions by, in its table or in a partition of that. */
function isPartOfKey(difference: Changed, objects: readonly CatalogObject[]): boolean {
  if (!isRetyped(difference)) return false
  const { path } = difference.actual.object
  const column = path.at(-1) ?? ''
  const tables = new Set([qualifiedName(path.slice(0, -1))])
  const keyed = objects.filter(
    ({ class: kind, attributes }) => kind === 'table' && attributes.partitionKey !== undefined,
  )
  // A set that grows is walked to its end: partitions have partitions.
  for (const table of tables) {
    for (const each of keyed) {
      if (list(each, 'inherits').some((parent) => qualifiedName(parseName(parent)) === table)) tables.add(each.name)
    }
  }
  return keyed.some(({ name, attributes: { partitionKey = '' }, ...rest }) => {
    return tables.has(name) && namesIn({ ...rest, name, attributes: { partitionKey } }).has(column)
  })
}

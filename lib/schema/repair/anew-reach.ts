// What a type that is made anew takes along: types over it, columns of these, attributes of composite types; and what is in the way of that.
import type { ObjectClass } from '../../object-class.ts'
import { objectKey, qualifiedName, type CatalogObject } from '../catalog.ts'
import { has, list, text } from '../ddl/fact-text.ts'
import { parseName } from '../ddl/parse-name.ts'
import type { Difference } from '../difference.ts'
import { foreignKeyOf, mayTie, ties } from './foreign-key.ts'
import { namesIn } from './names-in.ts'
import { onlyFacts } from './step.ts'
import { mentions } from './unused-anew.ts'
import { isBuiltOn, uses } from './what-uses.ts'

/** All of a catalog that holds values of a type. */
export type Reach = {
  /** The type itself, then each after what it is made of. */
  types: CatalogObject[]
  columns: CatalogObject[]
  composites: CatalogObject[]
  /** What the server would not let the types of these change under. */
  isInTheWay: (object: CatalogObject) => boolean
}

const KINDS: ReadonlySet<ObjectClass> = new Set<ObjectClass>(['enum', 'domain', 'range type'])

/** True for an enum that loses a label, or has them in another order, a domain with another base and a range of something else. */
export function isMadeAnew(difference: Difference): difference is Extract<Difference, { kind: 'changed' }> {
  if (difference.kind !== 'changed' || !KINDS.has(difference.actual.object.class)) return false
  const [from, to, facts] = [difference.actual.object, difference.expected.object, difference.attributes]
  if (from.class === 'domain') return facts.includes('type') || facts.includes('collation')
  if (from.class === 'range type')
    return !onlyFacts(facts, ['comment']) && !has(from, 'canonical') && !has(to, 'canonical')
  const [before, after] = [list(from, 'labels'), list(to, 'labels')]
  const kept = after.filter((label) => before.includes(label))
  return kept.length !== before.length || kept.some((label, index) => label !== before[index])
}

/** undefined: something has values of it whose type cannot change. */
export function reachOf(type: CatalogObject, objects: readonly CatalogObject[]): Reach | undefined {
  const types = [type]
  // The list grows while it is walked.
  for (const one of types) {
    types.push(...objects.filter((each) => isOver(each) && !types.includes(each) && holds(each, one)))
  }
  const users = objects.filter(
    (each) => !types.includes(each) && each.class !== 'role' && types.some((one) => holds(each, one)),
  )
  const columns = users.filter(isPlainColumn)
  const composites = users.filter((each) => each.class === 'composite type')
  const stored = composites.map(({ path }) => qualifiedName(path))
  const isStored = (each: CatalogObject): boolean =>
    STORED.has(each.class) && stored.some((name) => mentions(each, name))
  if (objects.some(isStored) || columns.some((each) => isPartOfKey(each, objects))) return undefined
  const ranged = columns.filter((each) => types.some((one) => one.class === 'range type' && holds(each, one)))
  const along = new Set([...types, ...columns, ...composites].map((each) => objectKey(each)))
  const rest = new Set(users.map((each) => objectKey(each)))
  const isInTheWay = (each: CatalogObject): boolean => {
    if (each.class === 'role' || along.has(objectKey(each))) return false
    if (rest.has(objectKey(each)) || stored.some((name) => mentions(each, name))) return true
    const key = foreignKeyOf(each)
    if (key !== undefined) return !has(each, 'inherited') && columns.some((one) => mayTie(each, one) && ties(key, one))
    return columns.some((one) => uses(each, one)) || ranged.some((one) => isBuiltOn(each, one))
  }
  return { types, columns, composites, isInTheWay }
}

/** True where the one is made of the other type, or of the multirange that comes with that. */
function holds(each: CatalogObject, type: CatalogObject): boolean {
  return [qualifiedName(type.path), text(type, 'multirange')].some((name) => name !== undefined && mentions(each, name))
}

/** A domain over it, or over an array of it, or a range of it. */
function isOver({ class: kind, attributes }: CatalogObject): boolean {
  return kind === 'domain' || (kind === 'range type' && attributes.canonical === undefined)
}

/** What keeps the attributes of a composite type as they are (typecmds.c, find_composite_type_dependencies). */
const STORED: ReadonlySet<ObjectClass> = new Set<ObjectClass>([
  'table',
  'column',
  'foreign table',
  'composite type',
  'domain',
  'range type',
  'materialized view',
])

function isPlainColumn(object: CatalogObject): boolean {
  return object.class === 'column' && object.parent?.startsWith('table ') === true && !has(object, 'generated')
}

/** Its table is partitioned by it, or one above that. */
function isPartOfKey(column: CatalogObject, objects: readonly CatalogObject[]): boolean {
  const table = objects.find((each) => objectKey(each) === column.parent)
  if (table === undefined) return false
  const { partitionKey, inherits } = table.attributes
  const isKey =
    partitionKey !== undefined &&
    namesIn({ ...table, path: [], attributes: { partitionKey } }).has(column.path.at(-1) ?? '')
  if (isKey || !Array.isArray(inherits)) return isKey
  const [, , name = ''] = column.path
  return inherits.some((parent) => {
    const path = [...parseName(parent), name]
    return isPartOfKey({ ...column, path, parent: `table ${qualifiedName(path.slice(0, -1))}` }, objects)
  })
}

// One renamed table is one thing, not one for each of its columns and for all that mentions it.
import { OBJECT_CLASSES, type ObjectClass } from '../object-class.ts'
import type { CatalogObject } from './catalog.ts'
import { objectOf, type Difference, type Side } from './difference.ts'
import { isRenamed, newName, ownName, sameFacts } from './renamed-pair.ts'
import { foreignKeyOf, standsOn } from './repair/foreign-key.ts'
import { canBeRenamed, inSchema } from './repair/rename-repair.ts'
import { sameButForNames, type Names } from './same-but-for-names.ts'

type Renamed = Extract<Difference, { kind: 'renamed' }>

/** Where hundreds of the same shape went and came, nobody renamed them one by one. */
const MOST_TRIED = 2_500

/**
 * Takes what is missing and what is unexpected with the same facts, in the same place or by the same name in another schema, for one
 * renamed object, where there is exactly one such pair, and leaves out differences that this explains: texts that are equal but for the
 * new name. The order stays.
 */
export function foldRenames(differences: readonly Difference[]): Difference[] {
  const all = OBJECT_CLASSES.filter(canBeRenamed).flatMap((kind) => pairs(differences, kind))
  const [taken, left] = [namesOf(differences, 'unexpected'), namesOf(differences, 'missing')]
  // Where something else has come by a name, what mentions it means the other: nobody can rename under that.
  const found = all.filter(
    ({ expected, actual }) =>
      !taken.has(placeKey(expected.object)) &&
      !left.has(placeKey(actual.object)) &&
      !losesItsKey(actual.object, differences),
  )
  if (found.length === 0) return [...differences]
  const gone = new Set(found.map((each) => each.expected.object))
  const come = new Map(
    found.map((each): [CatalogObject, Difference[]] => [each.actual.object, follows(each, found) ? [] : [each]]),
  )
  for (const [expected, actual] of carried(differences, found)) {
    gone.add(expected)
    come.set(actual, [])
  }
  return differences.flatMap((difference): Difference[] => {
    if (difference.kind === 'missing') return gone.has(difference.expected.object) ? [] : [difference]
    if (difference.kind === 'unexpected') return come.get(difference.actual.object) ?? [difference]
    return isExplained(difference, found) ? [] : [difference]
  })
}

/** A foreign key goes with the key that it stands on. */
function losesItsKey(object: CatalogObject, differences: readonly Difference[]): boolean {
  const key = foreignKeyOf(object)
  if (key === undefined) return false
  return differences.some((each) => each.kind === 'unexpected' && standsOn(key, each.actual.object))
}

function namesOf(differences: readonly Difference[], kind: 'missing' | 'unexpected'): Set<string> {
  return new Set(differences.flatMap((each) => (each.kind === kind ? [placeKey(objectOf(each))] : [])))
}

/** Relations and types share their names. */
function placeKey({ class: kind, path }: CatalogObject): string {
  return JSON.stringify([SHARING.has(kind) ? '' : kind, ...path])
}

const SHARING = new Set<ObjectClass>([
  'table',
  'view',
  'materialized view',
  'sequence',
  'enum',
  'domain',
  'composite type',
])

function pairs(differences: readonly Difference[], kind: ObjectClass): Renamed[] {
  const missing = byShape(
    differences.flatMap((each) => (each.kind === 'missing' ? [each.expected] : [])),
    kind,
  )
  const unexpected = byShape(
    differences.flatMap((each) => (each.kind === 'unexpected' ? [each.actual] : [])),
    kind,
  )
  return [...missing].flatMap(([shape, gone]) => {
    const come = unexpected.get(shape) ?? []
    return gone.length * come.length > MOST_TRIED ? [] : surePairs(gone, come)
  })
}

/** Two that are alike may have swapped anything: only where nobody else could have been it, it is sure. */
function surePairs(gone: readonly Side[], come: readonly Side[]): Renamed[] {
  return gone.flatMap((expected): Renamed[] => {
    const [actual, ...others] = come.filter((each) => isRenamed(expected, each))
    if (actual === undefined || others.length > 0) return []
    const rivals = gone.filter((each) => isRenamed(each, actual))
    return rivals.length === 1 ? [{ kind: 'renamed', expected, actual }] : []
  })
}

/** By what is quick to compare, since everything missing may have become anything unexpected. */
function byShape(sides: readonly Side[], kind: ObjectClass): Map<string, Side[]> {
  return Map.groupBy(
    // An empty schema is like any other.
    sides.filter(({ object, within }) => object.class === kind && (kind !== 'schema' || within.length > 0)),
    ({ object, object: { parent, position, attributes, signature }, within }) =>
      JSON.stringify([
        signature,
        inSchema(object) ? null : parent,
        kind === 'column' ? position : null,
        Object.keys(attributes).toSorted(),
        within.map((each) => (each.class === 'column' ? ownName(each) : each.class)).toSorted(),
      ]),
  )
}

/** A partition's column has no name of its own: it is renamed with its parent's. */
function follows({ expected: { object: from }, actual: { object: to } }: Renamed, all: readonly Renamed[]): boolean {
  if (from.attributes.inherited !== true) return false
  return all.some(
    ({ expected, actual }) =>
      expected.object.class === from.class &&
      expected.object.attributes.inherited !== true &&
      ownName(expected.object) === ownName(from) &&
      ownName(actual.object) === ownName(to),
  )
}

/** What is spelt with the name of something renamed, as functions are with the types of their arguments, and is the same otherwise. */
function carried(differences: readonly Difference[], found: readonly Renamed[]): [CatalogObject, CatalogObject][] {
  const renamed = new Set(found.flatMap(({ expected, actual }) => [expected.object, actual.object]))
  const come = Map.groupBy(
    differences.flatMap((each) =>
      each.kind === 'unexpected' && !renamed.has(each.actual.object) ? [each.actual] : [],
    ),
    ({ object }) => object.class,
  )
  return differences.flatMap((each): [CatalogObject, CatalogObject][] => {
    if (each.kind !== 'missing' || renamed.has(each.expected.object)) return []
    const { object: from, within } = each.expected
    const names = namesNear(from.name, found)
    const [actual, ...others] = (come.get(from.class) ?? []).filter(
      ({ object: to, within: inside }) =>
        within.length + inside.length === 0 && sameButForNames(from.name, to.name, names) && sameFacts(from, to, names),
    )
    return actual === undefined || others.length > 0 || names.size === 0 ? [] : [[from, actual.object]]
  })
}

/** True where every fact that differs is the same but for new names of what the object lives in or mentions. */
function isExplained(difference: Difference, renamed: readonly Renamed[]): boolean {
  if (difference.kind !== 'changed') return false
  const { expected, actual, attributes } = difference
  const told = JSON.stringify([expected.object.path, attributes.map((fact) => expected.object.attributes[fact])])
  const names = namesNear(told, renamed)
  // A view goes on calling its own column as it did.
  const ownColumns = expected.object.class.endsWith('view') && attributes.includes('columns')
  return (
    names.size > 0 &&
    !(ownColumns && renamed.some((each) => each.expected.object.class === 'column')) &&
    attributes.every((fact) => sameButForNames(expected.object.attributes[fact], actual.object.attributes[fact], names))
  )
}

/** New names of what the text mentions. */
function namesNear(told: string, renamed: readonly Renamed[]): Names {
  const near = renamed.filter((each) => told.includes(placeOf(each.expected.object)))
  return new Map(near.map(({ expected, actual }) => newName(expected.object, actual.object)))
}

/** What whoever mentions the object must mention: the table, for a column. */
function placeOf({ class: kind, path }: CatalogObject): string {
  return (kind === 'column' ? path[1] : path.at(-1)) ?? ''
}

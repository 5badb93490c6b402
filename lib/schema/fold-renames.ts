// One renamed table is one thing, not one for each of its columns and for all that mentions it.
import { OBJECT_CLASSES, type ObjectClass } from '../object-class.ts'
import type { CatalogObject } from './catalog.ts'
import type { Difference, Side } from './difference.ts'
import { canBeRenamed } from './repair/rename-repair.ts'
import { sameButForNames, withNames, type Names } from './same-but-for-names.ts'

type Renamed = Extract<Difference, { kind: 'renamed' }>

/** Where hundreds of the same shape went and came, nobody renamed them one by one. */
const MOST_TRIED = 2_500

/**
 * Takes what is missing and what is unexpected in the same place with the same facts for one renamed object, where there is exactly
 * one such pair, and leaves out differences that this explains: texts that are equal but for the new name. The order stays.
 */
export function foldRenames(differences: readonly Difference[]): Difference[] {
  const found = OBJECT_CLASSES.filter(canBeRenamed).flatMap((kind) => pairs(differences, kind))
  if (found.length === 0) return [...differences]
  const gone = new Set(found.map((each) => each.expected.object))
  const come = new Map(
    found.map((each): [CatalogObject, Difference[]] => [each.actual.object, follows(each, found) ? [] : [each]]),
  )
  return differences.flatMap((difference): Difference[] => {
    if (difference.kind === 'missing') return gone.has(difference.expected.object) ? [] : [difference]
    if (difference.kind === 'unexpected') return come.get(difference.actual.object) ?? [difference]
    return isExplained(difference, found) ? [] : [difference]
  })
}

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
    ({ object: { parent, position, attributes }, within }) =>
      JSON.stringify([
        parent,
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

/** True where nothing but the name differs, of two of the same shape: own facts and all that lives in it. */
function isRenamed(expected: Side, actual: Side): boolean {
  const [from, to] = [expected.object, actual.object]
  const names = new Map([[ownName(from), ownName(to)]])
  if (!sameFacts(from, to, names)) return false
  const depth = from.path.length - 1
  const [should, is] = [inner(expected, depth, names), inner(actual, depth, names)]
  // The same columns in the same order: of two tables with equal columns in another order one is a copy of the other.
  if (columnsOf(should).join('\n') !== columnsOf(is).join('\n')) return false
  return [...should].every(([key, object]) => {
    const other = is.get(key)
    return other !== undefined && sameFacts(object, other, names)
  })
}

function inner({ within }: Side, depth: number, names: Names): Map<string, CatalogObject> {
  const byPlace = within.toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0))
  return new Map(byPlace.map((each) => [innerKey(each, depth, names), each]))
}

/** What names an object within another one whose name stands at `depth`. A serial's sequence does not carry its table's name. */
function innerKey({ class: kind, path, signature = '' }: CatalogObject, depth: number, names: Names): string {
  const place = kind === 'sequence' && depth > 0 ? path : path.toSpliced(depth, 1)
  return JSON.stringify([kind, place, withNames(signature, names)])
}

function columnsOf(inside: ReadonlyMap<string, CatalogObject>): string[] {
  return [...inside].filter(([, object]) => object.class === 'column').map(([key]) => key)
}

function sameFacts(a: CatalogObject, b: CatalogObject, names: Names): boolean {
  const facts = new Set([...Object.keys(a.attributes), ...Object.keys(b.attributes)])
  return [...facts].every((fact) => sameButForNames(a.attributes[fact], b.attributes[fact], names))
}

/** True where every fact that differs is the same but for new names of what the object lives in or mentions. */
function isExplained(difference: Difference, renamed: readonly Renamed[]): boolean {
  if (difference.kind !== 'changed') return false
  const { expected, actual, attributes } = difference
  const told = JSON.stringify([expected.object.path, attributes.map((fact) => expected.object.attributes[fact])])
  const near = renamed.filter((each) => told.includes(placeOf(each.expected.object)))
  const names = new Map(near.map((each) => [ownName(each.expected.object), ownName(each.actual.object)]))
  return (
    names.size > 0 &&
    attributes.every((fact) => sameButForNames(expected.object.attributes[fact], actual.object.attributes[fact], names))
  )
}

/** What whoever mentions the object must mention: the table, for a column. */
function placeOf({ class: kind, path }: CatalogObject): string {
  return (kind === 'column' ? path[1] : path.at(-1)) ?? ''
}

function ownName(object: CatalogObject): string {
  return object.path.at(-1) ?? ''
}

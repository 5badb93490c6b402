// An order in which the repairs of several differences can be run one after the other.
import { OBJECT_CLASSES, type ObjectClass } from '../../object-class.ts'
import { objectKey, type CatalogObject } from '../catalog.ts'
import { objectOf, sidesOf, type Difference } from '../difference.ts'
import { CalledNames } from './called-names.ts'
import { foreignKeyOf, standsOn, ties } from './foreign-key.ts'
import { leaningThrough } from './leaning-through.ts'
import { NAMED, namesIn, ownName } from './names-in.ts'
import { areAmbiguous } from './overloads.ts'
import { rowColumns } from './row-columns.ts'
import { byRank, rank } from './repair-rank.ts'
import { circlesAmong } from './row-circles.ts'

/**
 * The differences in an order in which running `repair.database` of each works: first what must go, each before what it leans on; then
 * what is renamed, then what changes or comes, each after what it leans on; last what can only go
 * when nothing leans on it any more. What leans on what is told by the classes, and by the names in the texts; through what is as it
 * should be, by those of `should`, all that should be there.
 */
export function inRepairOrder(differences: readonly Difference[], should: readonly CatalogObject[] = []): Difference[] {
  const going = leanedOnFirst(byRank(differences.filter(({ kind }) => kind === 'unexpected'))).toReversed()
  const renamed = byRank(differences.filter(({ kind }) => kind === 'renamed'))
  const coming = keysFirst(byRank(differences.filter(({ kind }) => kind === 'missing' || kind === 'changed')))
  const late = goingLate(going, coming)
  return [...going.filter((each) => !late.has(each)), ...renamed, ...leanedOnFirst(coming, should), ...late]
}

/** Its table can go before it changes: keys are taken away with that, sequences set free (company.ts), and an index goes along. */
function letsGo(object: CatalogObject): CatalogObject {
  const { ownedBy: _, table: __, ...attributes } = object.attributes
  return foreignKeyOf(object) === undefined ? { ...object, attributes } : { ...object, attributes: {} }
}

/** A table whose foreign keys and policies stand on what only comes with another repair waits for that. */
function keysFirst(coming: Difference[]): Difference[] {
  const ends = coming
    .filter((each) => END_OF_KEY.has(objectOf(each).class))
    .map((each) => sidesOf(each)[0] ?? objectOf(each))
  const waits = (each: Difference): boolean => {
    if (each.kind !== 'missing' || each.expected.object.class !== 'table' || ends.length === 0) return false
    const tied = each.expected.within.flatMap((inner) => foreignKeyOf(inner) ?? [])
    if (tied.some((key) => ends.some((end) => (end.class === 'column' ? ties(key, end) : standsOn(key, end)))))
      return true
    const policies = each.expected.within.filter((inner) => inner.class === 'policy').map(namesIn)
    return policies.some((names) =>
      ends.some(
        ({ class: kind, path: [, table = '', column = ''] }) =>
          kind === 'column' && names.has(table) && names.has(column),
      ),
    )
  }
  const waiting = new Set(coming.filter(waits))
  if (waiting.size === 0) return coming
  const rest = coming.filter((each) => !waiting.has(each))
  const keys = rest.findIndex((each) => rank(objectOf(each)) > OBJECT_CLASSES.indexOf('index'))
  return rest.toSpliced(keys < 0 ? rest.length : keys, 0, ...waiting)
}

const END_OF_KEY: ReadonlySet<ObjectClass> = new Set<ObjectClass>(['column', 'constraint', 'index'])

/** Types and their like, and what is still named by something that changes, or that goes late itself. */
function goingLate(going: readonly Difference[], coming: readonly Difference[]): Set<Difference> {
  const changing = coming.flatMap((each) => (each.kind === 'changed' ? [each.actual.object] : []))
  const named = new Set(changing.flatMap((each) => [...namesIn(letsGo(each))]))
  const typed = new Set(changing.flatMap((each) => (each.attributes.ofType === undefined ? [] : [objectKey(each)])))
  const late = new Set<Difference>()
  const taken = new Set(coming.flatMap((each) => (each.kind === 'missing' ? [placeOf(each.expected.object)] : [])))
  const ofRows = rowColumns([...going, ...coming])
  for (const each of going) {
    const object = objectOf(each)
    // Its users make way for what comes by its name (users-of.ts).
    if (RELATIONS.has(object.class) && taken.has(placeOf(object))) continue
    if (ofRows.has(objectKey(object)) || coming.some((other) => isOverload(other, object))) continue
    const stillNamed = NAMED.has(object.class) && named.has(ownName(object))
    const ofTyped = object.class === 'column' && typed.has(object.parent ?? '')
    if (rank(object) >= OBJECT_CLASSES.indexOf('table') && !stillNamed && !ofTyped) continue
    late.add(each)
    for (const word of namesIn(object)) named.add(word)
  }
  return late
}

function isOverload(coming: Difference, object: CatalogObject): boolean {
  return coming.kind === 'missing' && areAmbiguous(coming.expected.object, object)
}

const RELATIONS: ReadonlySet<ObjectClass> = new Set<ObjectClass>([
  'table',
  'view',
  'materialized view',
  'foreign table',
])

function placeOf({ class: kind, path }: CatalogObject): string {
  return JSON.stringify([RELATIONS.has(kind) ? '' : kind, ...path])
}

/** Keeps the order but for what is mentioned by something before it. */
function leanedOnFirst(differences: readonly Difference[], should: readonly CatalogObject[] = []): Difference[] {
  // A column is called by half of the others, and the classes see to that.
  const mentionable = new Map(differences.map((each) => [each, mentionableIn(each)]))
  const named = differences.flatMap((each) => mentionable.get(each)!.map((object) => ({ name: ownName(object), each })))
  const byName = new Map(
    [...Map.groupBy(named, ({ name }) => name)].map(([name, those]) => [name, those.map(({ each }) => each)]),
  )
  const through = leaningThrough(differences, should)
  const place = new Map(differences.map((each, index) => [each, index]))
  const isCircle = circlesAmong(byName)
  const homes = new Map(differences.filter(isWholeSchema).map((each) => [ownName(objectOf(each)), each]))
  const homeOf = (each: Difference): Difference | undefined =>
    isExtension(each) ? homes.get(String((sidesOf(each)[0] ?? objectOf(each)).attributes.schema)) : undefined
  const columns = Map.groupBy(differences.filter(isOwnColumn), (each) => ownName(objectOf(each)))
  const calledBy = (each: Difference): Difference[] => {
    const objects = objectsIn(each)
    const words = [...new Set(objects.flatMap((object) => [...namesIn(object)]))]
    const read = READERS.has(objectOf(each).class) ? columns : NONE
    const likely = words.filter((word) => byName.has(word) || through.has(word) || read.has(word))
    if (likely.length === 0) return []
    const called = new CalledNames(objects)
    return likely.flatMap((word) => [
      ...(byName.get(word)?.filter((other) => mentionable.get(other)!.some((object) => called.has(object))) ??
        (called.hasName(word) ? (through.get(word) ?? []) : [])),
      ...(read.get(word) ?? []).filter((other) => called.hasPlace(objectOf(other).path.slice(0, -1))),
    ])
  }
  const order: Difference[] = []
  const seen = new Set<Difference>()
  const visit = (each: Difference): void => {
    if (seen.has(each)) return
    seen.add(each)
    // Parts of a schema wait by themselves (late-parts.ts).
    const mentioned = objectOf(each).class === 'schema' ? [] : calledBy(each).filter((other) => !isCircle(other, each))
    const home = homeOf(each)
    if (home !== undefined) visit(home)
    for (const other of mentioned.toSorted((a, b) => place.get(a)! - place.get(b)!)) visit(other)
    order.push(each)
  }
  differences.filter((each) => isExtension(each) && homeOf(each) === undefined).forEach(visit)
  differences.forEach(visit)
  return order
}

const NONE: ReadonlyMap<string, Difference[]> = new Map()

/** What reads columns, and may be read itself by what comes before these. */
const READERS: ReadonlySet<ObjectClass> = new Set<ObjectClass>(['view', 'materialized view', 'function', 'procedure'])

/** One that comes from a parent waits for that. */
function isOwnColumn(difference: Difference): boolean {
  const { class: kind, attributes } = objectOf(difference)
  return kind === 'column' && difference.kind !== 'renamed' && attributes.inherited !== true
}

function isExtension(difference: Difference): boolean {
  return objectOf(difference).class === 'extension'
}

function isWholeSchema(difference: Difference): boolean {
  return difference.kind !== 'changed' && objectOf(difference).class === 'schema'
}

/** A table, or a column, brings the sequences that it owns, which others may count by. */
function mentionableIn(difference: Difference): CatalogObject[] {
  const own = isMentionable(difference) ? [objectOf(difference)] : []
  if (difference.kind !== 'missing' && difference.kind !== 'unexpected') return own
  const { within } = difference.kind === 'missing' ? difference.expected : difference.actual
  if (objectOf(difference).class === 'schema') return own
  return [...own, ...within.filter((each) => each.class === 'sequence')]
}

/** A sequence that changes is there before. */
function isMentionable(difference: Difference): boolean {
  const { class: kind } = objectOf(difference)
  return kind !== 'column' && NAMED.has(kind) && !(kind === 'sequence' && difference.kind === 'changed')
}

/** With all that comes or goes with it; of what changes as it will be: what comes into it must be there before. */
function objectsIn(difference: Difference): CatalogObject[] {
  if (difference.kind === 'changed') return [difference.expected.object]
  const { object, within } = difference.kind === 'missing' ? difference.expected : difference.actual
  return [object, ...within]
}

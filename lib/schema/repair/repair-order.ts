// An order in which the repairs of several differences can be run one after the other.
import { OBJECT_CLASSES, type ObjectClass } from '../../object-class.ts'
import { objectKey, type CatalogObject } from '../catalog.ts'
import { objectOf, sidesOf, type Difference } from '../difference.ts'
import { CalledNames } from './called-names.ts'
import { MARKS } from './index-marks.ts'
import { onlyFacts } from './step.ts'
import { foreignKeyOf, standsOn, ties } from './foreign-key.ts'
import { leaningThrough } from './leaning-through.ts'
import { NAMED, namesIn, ownName } from './names-in.ts'
import { areAmbiguous } from './overloads.ts'
import { rowColumns } from './row-columns.ts'
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

function byRank(differences: readonly Difference[]): Difference[] {
  return differences.toSorted((a, b) => rankOf(a) - rankOf(b) || byPlace(objectOf(a), objectOf(b)))
}

/** Columns come as the table has them: a row of it is what functions return. */
function byPlace(a: CatalogObject, b: CatalogObject): number {
  if (a.class !== 'column' || a.parent === b.parent) return (a.position ?? 0) - (b.position ?? 0)
  return (a.parent ?? '') < (b.parent ?? '') ? -1 : 1
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

/** A sequence can only be owned by a column that is there, and a table have the type of its columns. */
function rankOf(difference: Difference): number {
  const object = objectOf(difference)
  const changed = difference.kind === 'changed' ? difference.attributes : []
  // What is made as a part of a table has the columns of that.
  if (difference.kind !== 'changed' && object.class === 'table' && object.attributes.partitionBound !== undefined) {
    return OBJECT_CLASSES.indexOf('column') + 0.1
  }
  // Its parent's comes to it before what it has of its own.
  if (difference.kind === 'changed' && object.class === 'column' && object.attributes.inherited === true) {
    return OBJECT_CLASSES.indexOf('column') + 0.05
  }
  // Another may take its place.
  if (leavesTable(difference)) return OBJECT_CLASSES.indexOf('table') - 0.05
  if (joinsParent(difference)) return OBJECT_CLASSES.indexOf('column') + 0.15
  // A column that is to be nullable must be in no replica identity any more.
  if (changed.includes('replicaIdentity') && onlyFacts(changed, MARKS) && losesMark(difference)) {
    return OBJECT_CLASSES.indexOf('column') - 0.1
  }
  const late = changed.includes('ownedBy') || (changed.includes('ofType') && object.attributes.ofType === undefined)
  return late ? OBJECT_CLASSES.indexOf('column') + 0.2 : rank(object)
}

/** A partition that is to be a table by itself. */
function leavesTable(difference: Difference): boolean {
  if (difference.kind !== 'changed' || !difference.attributes.includes('partitionBound')) return false
  return difference.expected.object.attributes.partitionBound === undefined
}

function losesMark(difference: Difference): boolean {
  return difference.kind === 'changed' && difference.expected.object.attributes.replicaIdentity === undefined
}

/** A table gets its first parent when both have the columns that they should have. */
function joinsParent(difference: Difference): boolean {
  if (difference.kind !== 'changed' || difference.actual.object.class !== 'table') return false
  return difference.attributes.includes('inherits') && difference.actual.object.attributes.inherits === undefined
}

/** Where the order of the report is not that of the making. */
function rank({ class: kind, attributes, parent }: CatalogObject): number {
  const place = OBJECT_CLASSES.indexOf(kind)
  // What comes with a schema may lean on one, which waits for the schema that it is put into.
  if (kind === 'extension') return OBJECT_CLASSES.indexOf('schema') - 0.5
  if (kind === 'constraint' && attributes.kind === 'FOREIGN KEY') return OBJECT_CLASSES.indexOf('index') + 0.5
  // The view may be made anew, with its indexes as they are.
  if (kind === 'index' && parent?.startsWith('materialized view ') === true) {
    return OBJECT_CLASSES.indexOf('materialized view') + 0.5
  }
  // Tables, indexes and functions name these, and a configuration its dictionaries.
  if (kind.startsWith('text search ')) return OBJECT_CLASSES.indexOf('table') - 0.5 + TEXT_SEARCH.indexOf(kind) / 100
  // Nothing calls these by a name.
  if (kind === 'cast') return OBJECT_CLASSES.indexOf('column') + 0.4
  if (kind === 'transform') return OBJECT_CLASSES.indexOf('column') + 0.45
  if (OPERATORS.has(kind)) return OBJECT_CLASSES.indexOf('column') + 0.6
  if (kind === 'foreign data wrapper') return OBJECT_CLASSES.indexOf('table') - 0.4
  if (kind === 'server') return OBJECT_CLASSES.indexOf('table') - 0.3
  // Views name these.
  if (kind === 'foreign table') return OBJECT_CLASSES.indexOf('column') + 0.3
  if (kind === 'trigger' && attributes.inherited === true) return place + 0.5
  // Defaults, checks, indexes and views call functions.
  if (kind === 'function' || kind === 'aggregate') return OBJECT_CLASSES.indexOf('column') + 0.5
  return place
}

/** Each may name those before it. */
const TEXT_SEARCH: readonly string[] = [
  'text search parser',
  'text search template',
  'text search dictionary',
  'text search configuration',
]

const OPERATORS: ReadonlySet<ObjectClass> = new Set<ObjectClass>(['operator', 'operator family', 'operator class'])

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

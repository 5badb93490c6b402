// An enum cannot lose a label, nor move one, a domain get another base, nor a range another subtype: they are made anew, and what is stored goes over by its text.
import { HAZARD } from '../../hazard.ts'
import { objectKey, qualifiedName, type Catalog, type CatalogObject } from '../catalog.ts'
import { createStatements } from '../ddl/create-statements.ts'
import { has, list, text } from '../ddl/fact-text.ts'
import { sqlName, sqlOwnName, sqlTable } from '../ddl/sql-name.ts'
import { sqlReference } from '../ddl/sql-reference.ts'
import { objectOf, type Difference } from '../difference.ts'
import type { Reach } from './anew-reach.ts'
import { step, type Step } from './step.ts'
import { mentions } from './unused-anew.ts'

/**
 * The steps for a type of the catalog and all that is over it, once what is in the way has gone (users-of.ts). `reach`: what it takes
 * along, undefined where it is not made anew or that cannot change; `rightsOn`: those that a type has. undefined: without `reach`, or where
 * a default of it may not fit any more.
 */
export function typeAnew(
  difference: Extract<Difference, { kind: 'changed' }>,
  reach: Reach | undefined,
  differences: readonly Difference[],
  { objects }: Catalog,
  rightsOn: (type: CatalogObject) => string[],
): Step[] | undefined {
  const [from, to] = [difference.actual.object, difference.expected.object]
  if (reach === undefined || isMoving(reach, differences)) return undefined
  const { types, columns, composites } = reach
  if (text(from, 'multirange') !== text(to, 'multirange')) return undefined
  const ranges = types.filter((each) => each.class === 'range type')
  const kept = types.filter((each) => each.class !== 'range type')
  if (kept.some((each) => objects.some(({ path }) => path.join('.') === oldPath(each).join('.')))) return undefined
  const setLater = new Set(
    differences.filter((each) => changes(each, 'default')).map((each) => objectKey(objectOf(each))),
  )
  const withDefault = columns.filter((each) => has(each, 'default'))
  const again = withDefault.filter((each) => !setLater.has(objectKey(each)))
  if (!again.every((each) => keepsDefault(each, kept, to))) return undefined
  const own = columns.filter((each) => !has(each, 'inherited'))
  const ranged = own.filter((each) => isOf(each, ranges))
  const isText = text(to, 'type')?.startsWith('character') === true
  // What a domain says of the one below it names the base of that.
  const should = new Map(
    differences.flatMap((each) =>
      each.kind === 'changed' ? [[objectKey(each.actual.object), each.expected.object]] : [],
    ),
  )
  const make = (each: CatalogObject): Step[] =>
    createStatements({ object: should.get(objectKey(each)) ?? each, within: [] }).map((sql) => step(sql))
  return [
    ...withDefault.map((each) => step(`${alter(each)} DROP DEFAULT`, HAZARD.shortLock, HAZARD.oneTransaction)),
    // The functions that make a range have its name, which they keep when it gets another.
    ...ranged.map((each) => step(`${alter(each)} SET DATA TYPE ${asText(each)} USING ${stored(each)}`, HAZARD.rewrite)),
    ...composites.flatMap((each) => fieldSteps(each, ranges, 'text')),
    ...ranges.toReversed().map((each) => step(`DROP ${sqlReference(each)}`, HAZARD.oneTransaction)),
    ...kept.map((each) => step(`ALTER ${sqlReference(each)} RENAME TO ${sqlName(oldPath(each).slice(1))}`)),
    ...kept.flatMap(make),
    ...own.filter((each) => !ranged.includes(each)).map((each) => goOver(each, isText)),
    ...composites.flatMap((each) => fieldSteps(each, kept)),
    ...kept.toReversed().map((each) => step(`DROP ${sqlReference({ ...each, path: oldPath(each) })}`)),
    ...ranges.flatMap(make),
    ...ranged.map((each) => goOver(each, false)),
    ...composites.flatMap((each) => fieldSteps(each, ranges)),
    ...again.map((each) => step(`${alter(each)} SET DEFAULT ${text(each, 'default')}`)),
    ...types.flatMap(rightsOn).map((sql) => step(sql)),
  ]
}

/** What is renamed, or goes itself, has another name by then, or is no more; a composite type that differs may have other attributes. */
function isMoving({ types: [, ...over], columns, composites }: Reach, differences: readonly Difference[]): boolean {
  const moving = differences.flatMap((each) =>
    each.kind === 'renamed' || each.kind === 'unexpected' ? [each.actual.object, ...each.actual.within] : [],
  )
  const away = new Set(moving.map((each) => objectKey(each)))
  const held = [...columns, ...composites, ...over]
  if (held.some((each) => away.has(objectKey(each)) || away.has(each.parent ?? ''))) return true
  const differing = new Set(differences.flatMap((each) => (each.kind === 'changed' ? [objectKey(objectOf(each))] : [])))
  return composites.some((each) => differing.has(objectKey(each)))
}

function changes(difference: Difference, fact: string): boolean {
  return difference.kind === 'changed' && difference.attributes.includes(fact)
}

function oldPath({ path: [schema = '', name = ''] }: CatalogObject): string[] {
  return [schema, `${name}_before`]
}

function isOf(column: CatalogObject, types: readonly CatalogObject[]): boolean {
  const { type = '' } = column.attributes
  return types.some((each) =>
    [qualifiedName(each.path), text(each, 'multirange')].some(
      (name) => name !== undefined && mentions({ ...column, attributes: { type } }, name),
    ),
  )
}

function alter(column: CatalogObject): string {
  return `ALTER TABLE ${sqlTable(column)} ALTER COLUMN ${sqlOwnName(column)}`
}

function asText(column: CatalogObject): string {
  return `pg_catalog.text${isArray(column) ? '[]' : ''}`
}

function stored(column: CatalogObject): string {
  return `${sqlOwnName(column)}::${asText(column)}`
}

/** Cast in so many words, a text that is too long would be cut off. */
function goOver(column: CatalogObject, isText: boolean): Step {
  const type = text(column, 'type') ?? ''
  const cast = isText && !isArray(column) ? stored(column) : `${stored(column)}::${type}`
  return step(`${alter(column)} SET DATA TYPE ${type} USING ${cast}`, HAZARD.rewrite, HAZARD.rowsInTheWay)
}

function isArray(column: CatalogObject): boolean {
  return text(column, 'type')?.endsWith('[]') === true
}

/** Its attributes of these types, which no row has, get another, or the one that is called so by now. */
function fieldSteps(composite: CatalogObject, types: readonly CatalogObject[], other?: string): Step[] {
  return list(composite, 'fields').flatMap((field) => {
    const [, name = '', type = ''] = /^("(?:[^"]|"")*"|\S+) (.*)$/.exec(field) ?? []
    if (!isOf({ ...composite, attributes: { type } }, types)) return []
    return [step(`ALTER TYPE ${sqlName(composite.path)} ALTER ATTRIBUTE ${name} TYPE ${other ?? type}`)]
  })
}

/** True for a default that is one of the labels, or a literal. */
function keepsDefault(column: CatalogObject, types: readonly CatalogObject[], type: CatalogObject): boolean {
  const fact = text(column, 'default') ?? ''
  if (type.class !== 'enum') return /^(?:'(?:[^']|'')*'(?:::.*)?|-?\d+(?:\.\d+)?)$/.test(fact)
  const [, label] = /^'((?:[^']|'')*)'::/.exec(fact) ?? []
  if (label === undefined || !isOf({ ...column, attributes: { type: fact } }, types)) return false
  return isArray(column) ? label === '{}' : list(type, 'labels').includes(label.replaceAll("''", "'"))
}

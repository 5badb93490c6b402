// Repairs that lean on what takes a person: none is better than one that fails.
import { qualifiedName, type Catalog, type CatalogObject } from '../catalog.ts'
import { has, list, text } from '../ddl/fact-text.ts'
import { parseName } from '../ddl/parse-name.ts'
import { objectOf, sidesOf, type Difference } from '../difference.ts'
import { isRefused } from './refused.ts'
import { namesIn } from './names-in.ts'
import type { Purpose } from './step.ts'

/**
 * Differences that nobody can mend before a person has mended another: another partition key, columns that are a parent's, what
 * the server refuses. What is
 * goes to what should be; for a migration they are turned (turned-difference.ts).
 */
export function withheldRepairs(
  differences: readonly Difference[],
  { objects }: Catalog,
  purpose: Purpose,
): Set<Difference> {
  return new Set([
    ...differences.filter((each) => isRefused(each, objects)),
    ...ofOtherKeys(differences),
    ...ofOwnChecks(differences, objects),
    ...ofInheritedColumns(differences),
    ...(purpose === 'migration' ? parentsOfHeirs(differences) : []),
  ])
}

/** What is in a table that is to be partitioned in another way, and its partitions with what is in them. */
function ofOtherKeys(differences: readonly Difference[]): Difference[] {
  const tables = new Set(
    differences.flatMap((each) => (changes(each, 'partitionKey') ? [`table ${objectOf(each).name}`] : [])),
  )
  if (tables.size === 0) return []
  // A set that grows is walked to its end: partitions have partitions.
  for (const table of tables) {
    for (const each of differences) if (isPartOf(each, table)) tables.add(`table ${objectOf(each).name}`)
  }
  const bounded = differences.filter(
    (each) => changes(each, 'partitionBound') && tables.has(`table ${objectOf(each).name}`),
  )
  const parents = new Set(bounded.flatMap((each) => sidesOf(each).flatMap(parentsOf)))
  return differences.filter((each) => {
    const { class: kind, name, parent } = objectOf(each)
    // Beside one that stays as it is another may find no place.
    const isBeside =
      (each.kind === 'missing' || changes(each, 'partitionBound')) &&
      parentsOf(objectOf(each)).some((one) => parents.has(one))
    return isBeside || tables.has(`${kind} ${name}`) || (OF_TABLE.has(kind) && tables.has(parent ?? ''))
  })
}

/** A check of a table's own is in the way of the one by its name that a parent is to have for all its tables. */
function ofOwnChecks(differences: readonly Difference[], objects: readonly CatalogObject[]): Difference[] {
  const coming = differences.filter((each) => each.kind !== 'unexpected' && isCheck(objectOf(each)))
  if (coming.length === 0) return []
  const own = objects.filter((each) => isCheck(each) && !has(each, 'inherited'))
  return coming.filter((each) => {
    const [to = objectOf(each)] = sidesOf(each)
    const names = own.filter(({ path, parent }) => path.at(-1) === to.path.at(-1) && parent !== to.parent)
    return (
      names.length > 0 &&
      !text(to, 'definition')?.endsWith(' NO INHERIT') &&
      names.some(({ parent }) => isHeir(parent, to.parent, objects))
    )
  })
}

/** True for a table that has this parent, or one that has. */
function isHeir(table: string | undefined, ancestor: string | undefined, objects: readonly CatalogObject[]): boolean {
  const found = objects.find((each) => each.class === 'table' && `table ${each.name}` === table)
  return parentsOf(found).some((parent) => parent === ancestor || isHeir(parent, ancestor, objects))
}

const OF_TABLE = new Set(['column', 'constraint', 'index'])

function isPartOf(difference: Difference, table: string): boolean {
  return sidesOf(difference).some(
    (each) => each?.class === 'table' && list(each, 'inherits').some((parent) => keyOf(parent) === table),
  )
}

/** A column or check of a parent comes with INHERIT, which wants it there before. */
function ofInheritedColumns(differences: readonly Difference[]): Difference[] {
  const coming = differences.flatMap((each) => (each.kind === 'missing' ? [each.expected.object] : []))
  const stuck = coming.filter((each) => has(each, 'inherited') && (each.class === 'column' || isCheck(each)))
  if (stuck.length === 0) return []
  const heirs = differences.filter(
    (each) => changes(each, 'inherits') && stuck.some(({ parent }) => parent === `table ${objectOf(each).name}`),
  )
  return differences.filter((each) => {
    const object = objectOf(each)
    return heirs.includes(each) || (OF_TABLE.has(object.class) && stuck.some((column) => leansOn(object, column)))
  })
}

/** No migration takes a table from its parent (attachment-repair.ts). */
function parentsOfHeirs(differences: readonly Difference[]): Difference[] {
  const heirs = differences.filter(
    (each) => changes(each, 'inherits') && sidesOf(each).every((side) => side?.attributes.partitionBound === undefined),
  )
  const parents = new Set(heirs.flatMap((each) => sidesOf(each).flatMap((side) => parentsOf(side))))
  return differences.filter((each) => each.kind === 'unexpected' && parents.has(`table ${each.actual.object.name}`))
}

function isCheck({ class: kind, attributes }: CatalogObject): boolean {
  return kind === 'constraint' && attributes.kind === 'CHECK'
}

function leansOn(object: CatalogObject, column: CatalogObject): boolean {
  return object.parent === column.parent && namesIn(object).has(column.path.at(-1) ?? '')
}

function parentsOf(table: CatalogObject | undefined): string[] {
  return table === undefined ? [] : list(table, 'inherits').map(keyOf)
}

function keyOf(parent: string): string {
  return `table ${qualifiedName(parseName(parent))}`
}

function changes(difference: Difference, fact: string): boolean {
  return difference.kind === 'changed' && difference.attributes.includes(fact)
}

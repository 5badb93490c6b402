// Tables that come to another parent, or leave one, and what of their columns the server changes on the way.
import { objectKey, type Catalog, type CatalogObject } from '../catalog.ts'
import { has } from '../ddl/fact-text.ts'
import { objectOf, type Difference } from '../difference.ts'
import { OWN_OF_INHERITED } from './column-repair.ts'
import { onlyFacts, type Purpose } from './step.ts'

/**
 * Differences that a table and its columns cannot be rid of: a column that was its own stays that when the table inherits it, and one
 * that is another than the parent's keeps the table from it.
 */
export function stuckHeirs(
  differences: readonly Difference[],
  { expected, actual }: { expected: Catalog; actual: Catalog },
  purpose: Purpose,
): Difference[] {
  return differences.filter(isHeir).flatMap((table) => {
    const key = objectKey(objectOf(table))
    const unlike = differences
      .filter((each) => each.kind === 'changed')
      .filter(({ actual: { object } }) => object.class === 'column' && object.parent === key)
      .filter(({ attributes }) => !onlyFacts(attributes, OWN_OF_INHERITED))
    // A table that was no other's gets its parent when its columns are as that has them (repair-order.ts).
    const joins = unlike.filter(
      (each) => has(table.actual.object, 'inherits') && has(each.expected.object, 'inherited'),
    )
    const inherits = !has(table.actual.object, 'partitionBound') && !has(table.expected.object, 'partitionBound')
    const stays = inherits && (purpose === 'migration' || keepsOwn(key, expected.objects, actual.objects))
    const lacks = lacksColumn(key, expected.objects, actual.objects)
    return stays || lacks || joins.length > 0 ? [table, ...unlike] : []
  })
}

function isHeir(difference: Difference): difference is Extract<Difference, { kind: 'changed' }> {
  if (difference.kind !== 'changed' || difference.actual.object.class !== 'table') return false
  return difference.attributes.includes('inherits')
}

/** True where the parent's column would only come with the parent, which does not take the table without it. */
function lacksColumn(table: string, should: readonly CatalogObject[], is: readonly CatalogObject[]): boolean {
  const isColumn = (each: CatalogObject): boolean => each.class === 'column' && each.parent === table
  const there = new Set(is.filter(isColumn).map(({ name }) => name))
  return should.some(
    (each) => isColumn(each) && has(each, 'inherited') && !has(each, 'alsoOwn') && !there.has(each.name),
  )
}

/** True where a column is to be the parent's alone that is the table's own by now. */
function keepsOwn(table: string, should: readonly CatalogObject[], is: readonly CatalogObject[]): boolean {
  const own = is.filter((each) => each.class === 'column' && each.parent === table && !has(each, 'inherited'))
  const names = new Set(own.map(({ name }) => name))
  return should.some(
    (each) =>
      each.class === 'column' &&
      each.parent === table &&
      has(each, 'inherited') &&
      !has(each, 'alsoOwn') &&
      names.has(each.name),
  )
}

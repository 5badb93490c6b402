// What partitions have in their own way, though they come with their table, or their indexes and triggers with that's.
import { objectKey, qualifiedName, type Catalog, type CatalogObject } from '../catalog.ts'
import { firingStatements } from '../ddl/create-statements.ts'
import { has, list, text } from '../ddl/fact-text.ts'
import { parseName } from '../ddl/parse-name.ts'
import { sqlOwnName, sqlTable } from '../ddl/sql-name.ts'
import { comesFromParent } from '../fold-inherited.ts'
import type { Side } from '../difference.ts'
import { partitionKeyNames } from './partition-key-names.ts'
import { partitionNames } from './partition-names.ts'

/** The statements that give it to them once `own`, which came with the side, is there. */
export function partitionCompany(side: Side, own: readonly CatalogObject[], objects: Catalog['objects']): string[] {
  const parted = new Set([side.home, ...own].flatMap((each) => (isParted(each) ? [objectKey(each)] : [])))
  const named = own.filter((each) => !comesFromParent(each))
  return [
    ...own.flatMap((each) => partitionColumns(each, own, objects)),
    ...named.flatMap((each) => partitionNames(each, objects)),
    ...named.flatMap((each) => (parted.has(each.parent ?? '') ? partitionKeyNames(each, objects) : [])),
    ...partitionFirings(side.object, objects),
  ]
}

/** The same for what changed: an index, a key or a trigger that may be made anew. */
export function changedCompany({ object, home }: Side, objects: Catalog['objects']): string[] {
  return [
    ...partitionNames(object, objects),
    ...(isParted(home) ? partitionKeyNames(object, objects) : []),
    ...partitionFirings(object, objects),
  ]
}

function isParted(table: CatalogObject | undefined): table is CatalogObject {
  return table !== undefined && has(table, 'partitionKey')
}

/** What a partition says of its columns that its table does not: it is made with all that the table says. */
function partitionColumns(table: CatalogObject, own: readonly CatalogObject[], objects: Catalog['objects']): string[] {
  if (table.class !== 'table' || !has(table, 'partitionBound')) return []
  const [parent = ''] = list(table, 'inherits').map((each) => `table ${qualifiedName(parseName(each))}`)
  const columns = Map.groupBy(
    objects.filter((each) => each.class === 'column' && each.parent === parent),
    ({ path }) => path.at(-1) ?? '',
  )
  return own
    .filter((each) => each.class === 'column' && each.parent === objectKey(table) && !has(each, 'generated'))
    .flatMap((column) => {
      const [other] = columns.get(column.path.at(-1) ?? '') ?? []
      if (other === undefined) return []
      const alter = `ALTER TABLE ${sqlTable(column)} ALTER COLUMN ${sqlOwnName(column)}`
      const [value, inherited] = [text(column, 'default'), text(other, 'default')]
      const set = value === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${value}`
      return [
        ...(value === inherited ? [] : [`${alter} ${set}`]),
        ...(has(column, 'notNull') && !has(other, 'notNull') ? [`${alter} SET NOT NULL`] : []),
      ]
    })
}

/** A trigger comes to each partition as it does to the table, always on. */
function partitionFirings(trigger: CatalogObject, objects: Catalog['objects']): string[] {
  if (trigger.class !== 'trigger') return []
  return objects
    .filter((each) => each.class === 'trigger' && has(each, 'inherited') && each.path.at(-1) === trigger.path.at(-1))
    .flatMap(firingStatements)
}

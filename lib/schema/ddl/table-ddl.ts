import type { ObjectClass } from '../../object-class.ts'
import { objectKey, type CatalogObject } from '../catalog.ts'
import { columnDefinition, notNullClause } from './column-ddl.ts'
import { has, list, text, words } from './fact-text.ts'
import { quoteOption } from './quote-option.ts'
import { sqlName, sqlOwnName } from './sql-name.ts'

/** CREATE TABLE with the columns, and what of the table itself needs a statement of its own. */
export function tableStatements(table: CatalogObject, within: readonly CatalogObject[]): string[] {
  const alter = `ALTER TABLE ${sqlName(table.path)}`
  return [
    words(
      'CREATE',
      has(table, 'unlogged') && 'UNLOGGED',
      'TABLE',
      sqlName(table.path),
      has(table, 'ofType') && `OF ${text(table, 'ofType')}`,
      tableBody(table, within),
      has(table, 'partitionKey') && `PARTITION BY ${text(table, 'partitionKey')}`,
      has(table, 'accessMethod') && `USING ${sqlName([text(table, 'accessMethod') ?? ''])}`,
      has(table, 'options') && `WITH (${list(table, 'options').map(quoteOption).join(', ')})`,
      has(table, 'tablespace') && `TABLESPACE ${sqlName([text(table, 'tablespace') ?? ''])}`,
    ),
    ...(has(table, 'rowSecurity') ? [`${alter} ENABLE ROW LEVEL SECURITY`] : []),
    ...(has(table, 'forceRowSecurity') ? [`${alter} FORCE ROW LEVEL SECURITY`] : []),
    ...(has(table, 'replicaIdentity') ? [`${alter} REPLICA IDENTITY ${text(table, 'replicaIdentity')}`] : []),
  ]
}

function tableBody(table: CatalogObject, within: readonly CatalogObject[]): string {
  const parents = list(table, 'inherits')
  const bound = text(table, 'partitionBound')
  if (bound !== undefined) return `PARTITION OF ${parents.join(', ')} ${bound}`
  if (has(table, 'ofType')) return columnOptions(table, within)
  const own = ofClass(within, 'column').filter(
    (column) => column.parent === objectKey(table) && (!has(column, 'inherited') || has(column, 'alsoOwn')),
  )
  const lines = own.map((column) => `  ${columnDefinition(column)}`).join(',\n')
  return words(lines === '' ? '()' : `(\n${lines}\n)`, parents.length > 0 && `INHERITS (${parents.join(', ')})`)
}

/** The type has the columns: only what they say beside it. */
function columnOptions(table: CatalogObject, within: readonly CatalogObject[]): string {
  const said = ofClass(within, 'column').filter(
    (column) => column.parent === objectKey(table) && (has(column, 'default') || has(column, 'notNull')),
  )
  const lines = said.map((column) =>
    words(
      `  ${sqlOwnName(column)} WITH OPTIONS`,
      has(column, 'default') && `DEFAULT ${text(column, 'default')}`,
      notNullClause(column),
    ),
  )
  return lines.length === 0 ? '' : `(\n${lines.join(',\n')}\n)`
}

/** Those of a class, in their order. */
export function ofClass(objects: readonly CatalogObject[], wanted: ObjectClass): CatalogObject[] {
  return objects
    .filter((object) => object.class === wanted)
    .toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0) || (a.name < b.name ? -1 : 1))
}

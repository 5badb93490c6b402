import type { CatalogObject } from '../catalog.ts'
import { has, list, text, words } from './fact-text.ts'
import { quoteOption } from './quote-option.ts'
import { sqlName, sqlOwnName, sqlTable } from './sql-name.ts'

/** The column as it stands in CREATE TABLE. */
export function columnDefinition(column: CatalogObject): string {
  const collation = text(column, 'collation')
  const value = text(column, 'default')
  const generated = text(column, 'generated')
  return words(
    sqlOwnName(column),
    text(column, 'type'),
    collation !== undefined && `COLLATE ${collation}`,
    value !== undefined && `DEFAULT ${value}`,
    generated !== undefined && `GENERATED ALWAYS AS ${generated}`,
    has(column, 'identity') && `GENERATED ${identityClause(column)}`,
    notNullClause(column),
  )
}

/** ` CONSTRAINT name NOT NULL` where it has a name of its own. */
export function notNullClause(column: CatalogObject): string {
  const name = text(column, 'notNullName')
  return words(name !== undefined && `CONSTRAINT ${sqlName([name])}`, has(column, 'notNull') && 'NOT NULL')
}

/** `ALWAYS AS IDENTITY (…)`, with every option of its sequence. */
export function identityClause(column: CatalogObject): string {
  const options = words(`SEQUENCE NAME ${text(column, 'identitySequence')}`, identityOptions(column, '').join(' '))
  return `${text(column, 'identity')} AS IDENTITY (${options})`
}

/** Each option of the identity's sequence. `set`: `SET ` in ALTER TABLE. */
export function identityOptions(column: CatalogObject, set: '' | 'SET '): string[] {
  return [
    `START WITH ${text(column, 'identityStart')}`,
    `INCREMENT BY ${text(column, 'identityIncrement')}`,
    `MINVALUE ${text(column, 'identityMin')}`,
    `MAXVALUE ${text(column, 'identityMax')}`,
    `CACHE ${text(column, 'identityCache')}`,
    has(column, 'identityCycle') ? 'CYCLE' : 'NO CYCLE',
  ].map((option) => set + option)
}

/** What of a column CREATE TABLE cannot say. */
export function columnSettings(column: CatalogObject): string[] {
  const alter = `ALTER TABLE ${sqlTable(column)} ALTER COLUMN ${sqlOwnName(column)}`
  const options = list(column, 'options').map(quoteOption).join(', ')
  return [
    ...['storage', 'compression', 'statistics'].flatMap((fact) =>
      has(column, fact) ? [`${alter} SET ${fact.toUpperCase()} ${text(column, fact)}`] : [],
    ),
    ...(options === '' ? [] : [`${alter} SET (${options})`]),
  ]
}

// The DDL of what surrounds the schema. What stood under a secret's name was not read: it says (hidden) there.
import pg from 'pg'
import { grantStatements } from '../access/access-sql.ts'
import type { CatalogObject } from '../catalog.ts'
import { databaseSettings } from './database-settings.ts'
import { has, list, text, words } from './fact-text.ts'
import { surroundingName, type SurroundingClass } from './surrounding-name.ts'

/** The statements that make it, without closing semicolons. */
export function surroundingStatements(kind: SurroundingClass, object: CatalogObject): string[] {
  const name = surroundingName(kind, object)
  switch (kind) {
    case 'foreign data wrapper':
      return [
        words(
          `CREATE FOREIGN DATA WRAPPER ${name}`,
          has(object, 'handler') && `HANDLER ${text(object, 'handler')}`,
          has(object, 'validator') && `VALIDATOR ${text(object, 'validator')}`,
          optionsClause(object),
        ),
      ]
    case 'server':
      return [
        words(
          `CREATE SERVER ${name}`,
          has(object, 'type') && `TYPE ${literal(object, 'type')}`,
          has(object, 'version') && `VERSION ${literal(object, 'version')}`,
          `FOREIGN DATA WRAPPER ${text(object, 'wrapper')}`,
          optionsClause(object),
        ),
      ]
    case 'user mapping':
      return [`CREATE USER MAPPING ${name}`]
    case 'foreign table': {
      const bound = text(object, 'partitionBound')
      const parents = list(object, 'inherits').join(', ')
      const body =
        bound === undefined
          ? words(`(\n  ${list(object, 'columns').join(',\n  ')}\n)`, parents !== '' && `INHERITS (${parents})`)
          : `PARTITION OF ${parents} ${bound}`
      return [words(`CREATE FOREIGN TABLE ${name} ${body} SERVER ${text(object, 'server')}`, optionsClause(object))]
    }
    case 'publication':
      return [words(`CREATE PUBLICATION ${name}`, publishedObjects(object), `WITH (${publicationOptions(object)})`)]
    case 'subscription': {
      const publications = list(object, 'publications').map((each) => pg.escapeIdentifier(each))
      return [`CREATE SUBSCRIPTION ${name} CONNECTION '(hidden)' PUBLICATION ${publications.join(', ')}`]
    }
    case 'security label':
      return [`SECURITY LABEL ${name} IS ${literal(object, 'label')}`]
    case 'database':
      return databaseSettings([], list(object, 'settings'))
    case 'role':
      return grantStatements(object)
    default:
      return kind satisfies never
  }
}

/** ` FOR ALL TABLES`, or its tables and schemas; empty where it has none. */
function publishedObjects(publication: CatalogObject): string {
  if (has(publication, 'allTables')) return 'FOR ALL TABLES'
  const [tables, schemas] = [list(publication, 'tables'), list(publication, 'schemas')]
  if (tables.length + schemas.length === 0) return ''
  return `FOR ${publicationObjects(publication)}`
}

/** As ADD, SET and DROP take them. */
export function publicationObjects(publication: CatalogObject): string {
  const [tables, schemas] = [list(publication, 'tables'), list(publication, 'schemas')]
  return [
    ...(tables.length > 0 ? [`TABLE ${tables.map((each) => `ONLY ${each}`).join(', ')}`] : []),
    ...(schemas.length > 0 ? [`TABLES IN SCHEMA ${schemas.join(', ')}`] : []),
  ].join(', ')
}

/** Every option of a publication, as CREATE and SET take them. */
export function publicationOptions(publication: CatalogObject): string {
  const generated = text(publication, 'generatedColumns')
  return [
    `publish = '${list(publication, 'publish').join(', ')}'`,
    `publish_via_partition_root = ${has(publication, 'viaRoot')}`,
    ...(generated === undefined ? [] : [`publish_generated_columns = ${generated}`]),
  ].join(', ')
}

function optionsClause(object: CatalogObject): string {
  const options = list(object, 'options').map(quotedOption)
  return options.length === 0 ? '' : `OPTIONS (${options.join(', ')})`
}

/** `name=value` of the catalog as `name 'value'`. */
export function quotedOption(option: string): string {
  const [name = '', ...value] = option.split('=')
  return `${pg.escapeIdentifier(name)} ${pg.escapeLiteral(value.join('='))}`
}

function literal(object: CatalogObject, fact: string): string {
  return pg.escapeLiteral(text(object, fact) ?? '')
}

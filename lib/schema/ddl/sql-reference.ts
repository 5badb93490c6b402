import type { CatalogObject } from '../catalog.ts'
import { sqlIndex, sqlName, sqlOwnName, sqlTable } from './sql-name.ts'
import { STRUCTURE_KEYWORDS, structureName } from './structure-name.ts'
import { SURROUNDING_KEYWORDS, surroundingName } from './surrounding-name.ts'

/** How statements such as DROP and COMMENT ON call the object. */
export function sqlReference(object: CatalogObject): string {
  switch (object.class) {
    case 'schema':
    case 'extension':
    case 'domain':
    case 'sequence':
    case 'table':
    case 'column':
    case 'view':
    case 'materialized view':
      return `${object.class.toUpperCase()} ${sqlName(object.path)}`
    case 'enum':
    case 'composite type':
      return `TYPE ${sqlName(object.path)}`
    case 'index':
      return `INDEX ${sqlIndex(object)}`
    case 'function':
    case 'procedure':
      return `${object.class.toUpperCase()} ${sqlName(object.path)}(${object.signature ?? ''})`
    case 'constraint':
    case 'trigger':
    case 'policy':
      return `${object.class.toUpperCase()} ${sqlOwnName(object)} ON ${sqlTable(object)}`
    case 'foreign data wrapper':
    case 'server':
    case 'user mapping':
    case 'foreign table':
    case 'publication':
    case 'subscription':
    case 'security label':
    case 'database':
    case 'role':
      return `${SURROUNDING_KEYWORDS[object.class]} ${surroundingName(object.class, object)}`
    case 'range type':
    case 'base type':
    case 'aggregate':
    case 'rule':
    case 'event trigger':
    case 'cast':
    case 'operator':
    case 'operator family':
    case 'operator class':
    case 'text search parser':
    case 'text search template':
    case 'text search dictionary':
    case 'text search configuration':
    case 'statistics object':
    case 'collation':
    case 'conversion':
    case 'language':
    case 'access method':
    case 'transform':
      return `${STRUCTURE_KEYWORDS[object.class]} ${structureName(object.class, object)}`
    default:
      return object.class satisfies never
  }
}

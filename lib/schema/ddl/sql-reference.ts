import type { CatalogObject } from '../catalog.ts'
import { sqlIndex, sqlName, sqlOwnName, sqlTable } from './sql-name.ts'
import { isStructure, STRUCTURE_KEYWORDS, structureName } from './structure-name.ts'
import { isSurrounding, SURROUNDING_KEYWORDS, surroundingName } from './surrounding-name.ts'

/** How statements such as DROP and COMMENT ON call the object. */
export function sqlReference(object: CatalogObject): string {
  const kind = object.class
  if (isSurrounding(kind)) return `${SURROUNDING_KEYWORDS[kind]} ${surroundingName(kind, object)}`
  if (isStructure(kind)) return `${STRUCTURE_KEYWORDS[kind]} ${structureName(kind, object)}`
  switch (kind) {
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
    default:
      return kind satisfies never
  }
}

// How SQL calls what surrounds tables: operators, casts, text search and their like.
import type { ObjectClass } from '../../object-class.ts'
import type { CatalogObject } from '../catalog.ts'
import { sqlName, sqlOwnName, sqlTable } from './sql-name.ts'

/** The word for each class in CREATE, DROP and COMMENT ON. */
export const STRUCTURE_KEYWORDS = {
  'range type': 'TYPE',
  'base type': 'TYPE',
  aggregate: 'AGGREGATE',
  rule: 'RULE',
  'event trigger': 'EVENT TRIGGER',
  cast: 'CAST',
  operator: 'OPERATOR',
  'operator family': 'OPERATOR FAMILY',
  'operator class': 'OPERATOR CLASS',
  'text search parser': 'TEXT SEARCH PARSER',
  'text search template': 'TEXT SEARCH TEMPLATE',
  'text search dictionary': 'TEXT SEARCH DICTIONARY',
  'text search configuration': 'TEXT SEARCH CONFIGURATION',
  'statistics object': 'STATISTICS',
  collation: 'COLLATION',
  conversion: 'CONVERSION',
  language: 'LANGUAGE',
  'access method': 'ACCESS METHOD',
  transform: 'TRANSFORM',
} as const satisfies Partial<Record<ObjectClass, string>>

export type StructureClass = keyof typeof STRUCTURE_KEYWORDS

/** True for the classes of {@link STRUCTURE_KEYWORDS}. */
export function isStructure(kind: ObjectClass): kind is StructureClass {
  return kind in STRUCTURE_KEYWORDS
}

/** What follows the keyword. */
export function structureName(kind: StructureClass, object: CatalogObject): string {
  switch (kind) {
    case 'cast':
      return `(${object.name})`
    case 'transform':
      return object.name
    case 'aggregate':
      return `${sqlName(object.path)}(${object.signature})`
    case 'operator':
      // The name of an operator is never quoted.
      return `${sqlName(object.path.slice(0, 1))}.${object.path[1]} (${object.signature})`
    case 'operator family':
    case 'operator class':
      return `${sqlName(object.path)} USING ${sqlName([object.signature ?? ''])}`
    case 'rule':
      return `${sqlOwnName(object)} ON ${sqlTable(object)}`
    case 'range type':
    case 'base type':
    case 'event trigger':
    case 'text search parser':
    case 'text search template':
    case 'text search dictionary':
    case 'text search configuration':
    case 'statistics object':
    case 'collation':
    case 'conversion':
    case 'language':
    case 'access method':
      return sqlName(object.path)
    default:
      return kind satisfies never
  }
}

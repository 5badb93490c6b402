import pg from 'pg'
import type { CatalogObject } from '../catalog.ts'

/** Identifiers, quoted and joined, as SQL wants them. */
export function sqlName(path: readonly string[]): string {
  return path.map((part) => pg.escapeIdentifier(part)).join('.')
}

/** The table of what lives in one: a column, constraint, index, trigger or policy. */
export function sqlTable(object: CatalogObject): string {
  return sqlName(object.path.slice(0, 2))
}

/** The last identifier, quoted. */
export function sqlOwnName(object: CatalogObject): string {
  return sqlName(object.path.slice(-1))
}

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
    default:
      return object.class satisfies never
  }
}

/** An index has a name in the schema of its table, and none within the table. */
export function sqlIndex(index: CatalogObject): string {
  return sqlName([index.path[0] ?? '', index.path[2] ?? ''])
}

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

/** An index has a name in the schema of its table, and none within the table. */
export function sqlIndex(index: CatalogObject): string {
  return sqlName([index.path[0] ?? '', index.path[2] ?? ''])
}

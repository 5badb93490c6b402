// How SQL calls what surrounds the schema: roles' rights, publications, foreign servers and their like.
import pg from 'pg'
import type { ObjectClass } from '../../object-class.ts'
import type { CatalogObject } from '../catalog.ts'
import { sqlName } from './sql-name.ts'

/** The word for each class in CREATE, DROP and COMMENT ON. */
export const SURROUNDING_KEYWORDS = {
  'foreign data wrapper': 'FOREIGN DATA WRAPPER',
  server: 'SERVER',
  'user mapping': 'USER MAPPING',
  'foreign table': 'FOREIGN TABLE',
  publication: 'PUBLICATION',
  subscription: 'SUBSCRIPTION',
  'security label': 'SECURITY LABEL',
  database: 'DATABASE',
  role: 'ROLE',
} as const satisfies Partial<Record<ObjectClass, string>>

export type SurroundingClass = keyof typeof SURROUNDING_KEYWORDS

/** True for the classes of {@link SURROUNDING_KEYWORDS}. */
export function isSurrounding(kind: ObjectClass): kind is SurroundingClass {
  return kind in SURROUNDING_KEYWORDS
}

/** What follows the keyword. */
export function surroundingName(kind: SurroundingClass, object: CatalogObject): string {
  if (kind === 'user mapping') {
    const [server = '', role = ''] = object.path
    return `FOR ${role} SERVER ${pg.escapeIdentifier(server)}`
  }
  if (kind === 'security label')
    return `FOR ${pg.escapeIdentifier(object.path[0] ?? '')} ON ${object.path.slice(1).join(' ')}`
  return sqlName(object.path)
}

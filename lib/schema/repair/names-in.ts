// What an object calls by name, read from its facts: what leans on what is told by that.
import type { ObjectClass } from '../../object-class.ts'
import type { CatalogObject } from '../catalog.ts'

/** What others call by name. */
export const NAMED: ReadonlySet<ObjectClass> = new Set<ObjectClass>([
  'table',
  'column',
  'view',
  'materialized view',
  'function',
  'procedure',
  'aggregate',
  'enum',
  'domain',
  'composite type',
  'range type',
  'sequence',
  'collation',
  'operator',
])

/** What is not of pg_catalog is called so wherever nothing is searched. */
const OPERATOR = /OPERATOR\((?:"(?:[^"]|"")*"|[^\s"]+?)\.([^)\w\s]+)\)/g

/** Every name in the facts of an object, but its own. */
export function namesIn(object: CatalogObject): Set<string> {
  // Its labels are no names.
  if (object.class === 'enum') return new Set()
  const texts = Object.values(object.attributes).filter((fact) => typeof fact === 'string' || Array.isArray(fact))
  const words = texts.flatMap((fact) => String(fact).match(/"(?:[^"]|"")+"|[\p{L}_][\p{L}\d_$]*/gu) ?? [])
  const names = new Set(words.map((word) => (word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word)))
  for (const fact of texts) for (const [, operator = ''] of String(fact).matchAll(OPERATOR)) names.add(operator)
  // A trigger may be called as its function is.
  if (NAMED.has(object.class)) names.delete(ownName(object))
  return names
}

/** The last of its path. */
export function ownName({ path }: CatalogObject): string {
  return path.at(-1) ?? ''
}

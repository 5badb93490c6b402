// What a role may do in this database: one object for each role, and one fact for each thing it owns or was granted something on.
import { objectKey, type Catalog, type CatalogObject, type Fact } from '../catalog.ts'
import { OBJECT_CLASSES } from '../../object-class.ts'

/** Everybody. */
export const PUBLIC = 'PUBLIC'
/** Whoever owns the thing in question: told where it took a right from itself. */
export const ITS_OWNER = 'its owner'

const OWNS = 'owns '
const FUTURE = 'future '

/** The name of the fact that a role, other than the one that the migrations run as, owns the object with this key. */
export function ownsFact(key: string): string {
  return OWNS + key
}

/** The name of the fact that holds default privileges: on `tables`, in a schema or in any, where one role makes them. */
export function futureFact(kind: string, schema: string | null, maker: string | null): string {
  const where = schema === null ? '' : ` in schema ${schema}`
  return `${FUTURE}${kind}${where}${maker === null ? '' : ` made by ${maker}`}`
}

export type AccessFact =
  | { kind: 'owns'; key: string }
  | { kind: 'future'; objects: string; schema: string | undefined; maker: string | undefined }
  | { kind: 'settings' }
  | { kind: 'grants'; key: string }

/** What a fact of a role is about, by its name. */
export function parseAccessFact(name: string): AccessFact {
  if (name === 'settings') return { kind: 'settings' }
  if (name.startsWith(OWNS)) return { kind: 'owns', key: name.slice(OWNS.length) }
  const future =
    /^future (?<objects>\w+)(?: in schema (?<schema>(?:"(?:[^"]|"")*"|\S)+))?(?: made by (?<maker>.+))?$/s.exec(name)
  if (future?.groups !== undefined) {
    const { objects = '', schema, maker } = future.groups
    return { kind: 'future', objects, schema, maker }
  }
  return { kind: 'grants', key: name }
}

/** The role with only those of its facts; undefined where none is left. */
export function keepFacts(role: CatalogObject, keep: (name: string, fact: Fact) => boolean): CatalogObject | undefined {
  const kept = Object.entries(role.attributes).filter(([name, fact]) => keep(name, fact))
  return kept.length === 0 ? undefined : { ...role, attributes: Object.fromEntries(kept) }
}

/** The objects with what becomes of each role; undefined: it is left out. */
export function withRoles(
  objects: readonly CatalogObject[],
  change: (role: CatalogObject) => CatalogObject | undefined,
): CatalogObject[] {
  // Few of many are roles: no list is made for each of the others.
  const kept: CatalogObject[] = []
  for (const object of objects) {
    const left = object.class === 'role' ? change(object) : object
    if (left !== undefined) kept.push(left)
  }
  return kept
}

/** The catalog without what a dump without `--create` and without rights does not bring back: roles' rights, settings of the database. */
export function withoutRights(catalog: Catalog): Catalog {
  return { ...catalog, objects: catalog.objects.filter(({ class: kind }) => kind !== 'role' && kind !== 'database') }
}

/** Roles without facts on those that `gone` holds the keys of. */
export function withoutAccessTo(objects: readonly CatalogObject[], gone: ReadonlySet<string>): CatalogObject[] {
  return withRoles(objects, (role) => keepFacts(role, (name) => !gone.has(keyOf(name))))
}

/** The key of the object that a fact of a role is about; empty where it is about none. */
export function keyOf(name: string): string {
  const about = parseAccessFact(name)
  if (about.kind === 'future') return about.schema === undefined ? '' : `schema ${about.schema}`
  return about.kind === 'settings' ? '' : about.key
}

/** Those of the keys that are of something in the catalog: the sequence of an identity column is told with its column. */
export function grantableKeys(catalog: Catalog, asked: ReadonlySet<string>): Set<string> {
  // There are many more objects than rights, and most of them columns: no key is made of what nobody asks for.
  const classes = new Set(OBJECT_CLASSES.filter((kind) => [...asked].some((key) => key.startsWith(`${kind} `))))
  const withColumns = classes.has('sequence')
  const found = new Set<string>()
  for (const object of catalog.objects) {
    if (withColumns && object.class === 'column' && object.attributes.identitySequence !== undefined) {
      found.add(`sequence ${String(object.attributes.identitySequence)}`)
    }
    if (classes.has(object.class)) found.add(objectKey(object))
  }
  return found
}

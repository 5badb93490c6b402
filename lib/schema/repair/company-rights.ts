// Rights on what comes, and its places in publications.
import pg from 'pg'
import type { ObjectClass } from '../../object-class.ts'
import { accessStatements, grantStatements } from '../access/access-sql.ts'
import { ITS_OWNER, keyOf, parseAccessFact, PUBLIC } from '../access/access-facts.ts'
import { objectKey, type Catalog, type CatalogObject, type Fact } from '../catalog.ts'
import { parseName } from '../ddl/parse-name.ts'
import { list } from '../ddl/fact-text.ts'
import { sqlOwnName } from '../ddl/sql-name.ts'
import { publicationObjects } from '../ddl/surrounding-ddl.ts'
import { membersOf } from '../fold-publications.ts'

type Catalogs = { expected: Catalog; actual: Catalog }

/**
 * By the key of an object, what roles should have on it, where the role is there; what the owner took from itself is for a person. Of
 * thousands of missing tables each would look through all rights.
 */
export function rightsByKey({ expected, actual }: Catalogs): Map<string, (() => string[])[]> {
  const known = new Set(rolesIn(actual).flatMap(({ path }) => path))
  const found = new Map<string, (() => string[])[]>()
  for (const role of rolesIn(expected)) {
    const [name = ''] = role.path
    if (name === expected.owner || name === ITS_OWNER) continue
    const isSure = known.has(name) || name === PUBLIC
    for (const [key, facts] of Map.groupBy(Object.entries(role.attributes), ([fact]) => keyOf(fact))) {
      const statements = (): string[] => grantStatements({ ...role, attributes: Object.fromEntries(facts) })
      const here = isSure ? statements : (): string[] => statements().map((sql) => ifThere(name, sql))
      found.set(key, [...(found.get(key) ?? []), here])
    }
  }
  return found
}

function rolesIn({ objects }: Catalog): CatalogObject[] {
  return objects.filter((each) => each.class === 'role')
}

function ifThere(role: string, statement: string): string {
  const known = `SELECT FROM pg_catalog.pg_roles WHERE rolname = ${pg.escapeLiteral(role)}`
  return `DO $raingauge$ BEGIN IF EXISTS (${known}) THEN ${statement}; END IF; END $raingauge$`
}

/**
 * Takes back what the default privileges of a database give away on what comes there, where it should not: what goes by rights that are
 * still to change is made under the old ones.
 */
export function withoutDefaults(own: readonly CatalogObject[], { expected, actual }: Catalogs): string[] {
  const givers = rolesIn(actual).flatMap((role) => defaultsOf(role).map((given) => ({ role, ...given })))
  if (givers.length === 0) return []
  const wanted = new Map(rolesIn(expected).map((role) => [role.name, role.attributes]))
  return own.flatMap((object) =>
    givers.flatMap(({ role, objects, schema, fact }) => {
      const isFor = FUTURE_KINDS[object.class] === objects && (schema === undefined || schema === object.path[0])
      const key = objectKey(object)
      if (!isFor || String(wanted.get(role.name)?.[key]) === String(fact)) return []
      const given = { ...role, attributes: { [key]: fact } }
      return accessStatements(given, { ...role, attributes: {} }) ?? []
    }),
  )
}

/** Those that hold for whoever repairs; everybody's are told by what is missing of them. */
function defaultsOf(role: CatalogObject): { objects: string; schema: string | undefined; fact: Fact }[] {
  if (role.name === PUBLIC || role.name === ITS_OWNER) return []
  return Object.entries(role.attributes).flatMap(([name, fact]) => {
    const about = parseAccessFact(name)
    if (about.kind !== 'future' || about.maker !== undefined) return []
    return [
      { objects: about.objects, schema: about.schema === undefined ? undefined : parseName(about.schema)[0], fact },
    ]
  })
}

/** What ALTER DEFAULT PRIVILEGES calls them. */
const FUTURE_KINDS: Partial<Record<ObjectClass, string>> = {
  table: 'tables',
  view: 'tables',
  'materialized view': 'tables',
  'foreign table': 'tables',
  sequence: 'sequences',
  function: 'functions',
  procedure: 'functions',
  aggregate: 'functions',
  enum: 'types',
  domain: 'types',
  'composite type': 'types',
  'range type': 'types',
  schema: 'schemas',
}

/** Publications that both have, as they should be. */
export function publicationsIn({ expected, actual }: Catalogs): CatalogObject[] {
  const [should, is] = [expected, actual].map(({ objects }) => objects.filter((each) => each.class === 'publication'))
  const there = new Set(is?.map(({ name }) => name))
  return should?.filter(({ name }) => there.has(name)) ?? []
}

/** Where the publication is there, and lost only what is missing itself. */
export function placesInPublications(
  objects: readonly CatalogObject[],
  publications: readonly CatalogObject[],
): string[] {
  if (publications.length === 0) return []
  const names = new Set(objects.map((each) => objectKey(each)))
  return publications.flatMap((publication) => {
    const back = membersOf(publication).filter(({ key }) => names.has(key))
    if (back.length === 0) return []
    const attributes = {
      tables: list(publication, 'tables').filter((each) => back.some(({ entry }) => entry === each)),
      schemas: list(publication, 'schemas').filter((each) => back.some(({ entry }) => entry === each)),
    }
    const what = publicationObjects({ ...publication, attributes })
    return [`ALTER PUBLICATION ${sqlOwnName(publication)} ADD ${what}`]
  })
}

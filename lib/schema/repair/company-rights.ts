// Rights on what comes, and its places in publications.
import pg from 'pg'
import { grantStatements } from '../access/access-sql.ts'
import { ITS_OWNER, keyOf, PUBLIC } from '../access/access-facts.ts'
import { objectKey, type Catalog, type CatalogObject } from '../catalog.ts'
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

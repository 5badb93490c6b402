// What a repair must bring along so that one round of repairs is enough: keys between what comes together, rights, places in publications.
import pg from 'pg'
import { grantStatements } from '../access/access-sql.ts'
import { ITS_OWNER, keyOf, PUBLIC } from '../access/access-facts.ts'
import { objectKey, qualifiedName, type Catalog, type CatalogObject } from '../catalog.ts'
import { createStatements, firingStatements } from '../ddl/create-statements.ts'
import { has, list, text } from '../ddl/fact-text.ts'
import { parseName } from '../ddl/parse-name.ts'
import { sqlName, sqlOwnName, sqlTable } from '../ddl/sql-name.ts'
import { publicationObjects } from '../ddl/surrounding-ddl.ts'
import type { Difference, Side } from '../difference.ts'
import { membersOf } from '../fold-publications.ts'
import { enumAnew } from './enum-anew.ts'
import { isLoose, lateParts } from './late-parts.ts'
import { keysToLater, referredBy } from './late-keys.ts'
import { partitionNames } from './partition-names.ts'
import { repairSteps } from './repair-of.ts'
import { unlessThat, type Purpose, type Step } from './step.ts'
import { unusedAnew } from './unused-anew.ts'

/** Statements before and after those of a repair, and what it must not make itself. */
export type Company = {
  before: string[]
  after: string[]
  without: ReadonlySet<CatalogObject>
  /** Where the object alone does not tell how. */
  otherwise?: Step[] | undefined
}

type Catalogs = { expected: Catalog; actual: Catalog }

const ANEW: ReadonlySet<string> = new Set(['enum', 'range type', 'collation'])

/**
 * For what is missing or unexpected, for indexes and types; the differences are in the order of their repairs, and for a migration they
 * and the catalogs are turned (turned-difference.ts).
 */
export function companyOf(
  differences: readonly Difference[],
  catalogs: Catalogs,
  purpose: Purpose,
): Map<Difference, Company> {
  const found = new Map<Difference, Company>()
  const coming = differences.flatMap((each) => (each.kind === 'missing' ? [[each, each.expected] as const] : []))
  const parts = lateParts(coming.map(([, side]) => side))
  const late = keysToLater(
    coming.map(([, side]) => side),
    parts,
  )
  const keysWith = Map.groupBy(late.keys(), (key) => late.get(key))
  const changing = new Set(
    differences.flatMap((each) => (each.kind === 'changed' ? [objectKey(each.actual.object)] : [])),
  )
  // What was another table's is there, and has a repair of its own.
  const there = coming.flatMap(([, side]) => side.within).filter((each) => changing.has(objectKey(each)))
  const away = new Set([...parts.values()].flat().flatMap(({ object, within }) => [object, ...within]))
  const without = new Set([...late.keys(), ...there, ...away])
  const rights = rightsByKey(catalogs)
  const publications = publicationsIn(catalogs)
  for (const [difference, side] of coming) {
    const brought = (parts.get(side) ?? []).flatMap(({ object, within }) => [object, ...within])
    const own = [...[side.object, ...side.within].filter((each) => !away.has(each)), ...brought]
    const after = [
      ...(parts.get(side) ?? []).flatMap((part) => partSteps(part, purpose, late)),
      ...(keysWith.get(side) ?? []).flatMap((key) => [
        ...(purpose === 'migration' ? [dropKey(key)] : []),
        ...createStatements({ object: key, within: [] }),
      ]),
      ...own.flatMap((each) => partitionColumns(each, own, catalogs.expected.objects)),
      ...partitionNames(side.object, catalogs.expected.objects),
      ...partitionFirings(side.object, catalogs.expected.objects),
      ...own.flatMap((each) => rights.get(objectKey(each))?.flatMap((statements) => statements()) ?? []),
      ...placesInPublications(own, publications).map((sql) =>
        purpose === 'migration' ? unlessThat('duplicate_object', sql) : sql,
      ),
    ]
    found.set(difference, { before: [], after, without })
  }
  const going = differences.flatMap((each) => (each.kind === 'unexpected' ? [[each, each.actual] as const] : []))
  const backwards = going.map(([, side]) => side).toReversed()
  const partsInTheWay = lateParts(backwards)
  const inTheWay = keysToLater(backwards, partsInTheWay)
  const tied = tiedBy(differences)
  const keysInTheWay = Map.groupBy(inTheWay.keys(), (key) => inTheWay.get(key))
  for (const [difference, side] of going) {
    // What leans on a schema goes along with it.
    const leaning = side.object.class === 'schema' ? [] : (partsInTheWay.get(side) ?? []).toReversed()
    const first = leaning.flatMap((part) => repairSteps({ kind: 'missing', expected: part }, 'migration') ?? [])
    const before = [...(keysInTheWay.get(side) ?? []), ...tied.keys(side)]
      .map(dropKey)
      .concat(tied.sequences(side))
      .concat(first.map(({ sql }) => sql))
    found.set(difference, { before, after: [], without: new Set() })
  }
  for (const difference of differences) {
    if (difference.kind === 'renamed') {
      const after = partitionNames(difference.expected.object, catalogs.expected.objects, false)
      if (after.length > 0) found.set(difference, { before: [], after, without: new Set() })
    }
    if (difference.kind !== 'changed') continue
    const { actual, expected } = catalogs
    const { object } = difference.expected
    const after = [...partitionNames(object, expected.objects), ...partitionFirings(object, expected.objects)]
    if (after.length > 0) found.set(difference, { before: [], after, without: new Set() })
    // A migration would write every row again where all is so already.
    if (purpose === 'migration' || !ANEW.has(difference.actual.object.class)) continue
    const held = rightsByKey({ expected: actual, actual }).get(objectKey(difference.actual.object)) ?? []
    const again = held.flatMap((statements) => statements())
    const otherwise = enumAnew(difference, differences, actual, again) ?? unusedAnew(difference, actual, again)
    found.set(difference, { before: [], after: [], without: new Set(), otherwise })
  }
  return found
}

function partSteps({ object, within }: Side, purpose: Purpose, late: ReadonlyMap<CatalogObject, Side>): string[] {
  const expected = { object, within: within.filter((each) => !late.has(each)) }
  if (purpose === 'database' && isLoose(object)) return createStatements(expected)
  const steps =
    purpose === 'database'
      ? repairSteps({ kind: 'missing', expected }, purpose)
      : repairSteps({ kind: 'unexpected', actual: expected }, purpose)
  return (steps ?? []).map(({ sql }) => sql)
}

/** What a partition says of its columns that its table does not: it is made with all that the table says. */
function partitionColumns(table: CatalogObject, own: readonly CatalogObject[], objects: Catalog['objects']): string[] {
  if (table.class !== 'table' || !has(table, 'partitionBound')) return []
  const [parent = ''] = list(table, 'inherits').map((each) => `table ${qualifiedName(parseName(each))}`)
  const columns = Map.groupBy(
    objects.filter((each) => each.class === 'column' && each.parent === parent),
    ({ path }) => path.at(-1) ?? '',
  )
  return own
    .filter((each) => each.class === 'column' && each.parent === objectKey(table) && !has(each, 'generated'))
    .flatMap((column) => {
      const [other] = columns.get(column.path.at(-1) ?? '') ?? []
      if (other === undefined) return []
      const alter = `ALTER TABLE ${sqlTable(column)} ALTER COLUMN ${sqlOwnName(column)}`
      const [value, inherited] = [text(column, 'default'), text(other, 'default')]
      const set = value === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${value}`
      return [
        ...(value === inherited ? [] : [`${alter} ${set}`]),
        ...(has(column, 'notNull') && !has(other, 'notNull') ? [`${alter} SET NOT NULL`] : []),
      ]
    })
}

/** A trigger comes to each partition as it does to the table, always on. */
function partitionFirings(trigger: CatalogObject, objects: Catalog['objects']): string[] {
  if (trigger.class !== 'trigger') return []
  return objects
    .filter((each) => each.class === 'trigger' && has(each, 'inherited') && each.path.at(-1) === trigger.path.at(-1))
    .flatMap(firingStatements)
}

/** What changes or goes by itself and would stop a table from going, or a column, or would go along: its own repair brings it back. */
function tiedBy(differences: readonly Difference[]): {
  keys: (side: Side) => CatalogObject[]
  sequences: (side: Side) => string[]
} {
  const changing = differences.flatMap((each) => (each.kind === 'changed' ? [each.actual.object] : []))
  const keys = Map.groupBy(
    changing.filter((each) => referredBy(each) !== undefined),
    (each) => `table ${referredBy(each)}`,
  )
  const owned = changing.filter((each) => each.class === 'sequence' && list(each, 'ownedBy').length > 0)
  return {
    keys: ({ object }) => keys.get(objectKey(object))?.filter((each) => each.parent !== objectKey(object)) ?? [],
    sequences: ({ object: { class: kind, path } }) =>
      kind !== 'table' && kind !== 'column'
        ? []
        : owned
            .filter((each) => path.every((name, index) => list(each, 'ownedBy')[index] === name))
            .map((each) => `ALTER SEQUENCE ${sqlName(each.path)} OWNED BY NONE`),
  }
}

function dropKey(key: CatalogObject): string {
  return `ALTER TABLE IF EXISTS ${sqlTable(key)} DROP CONSTRAINT IF EXISTS ${sqlOwnName(key)}`
}

/**
 * By the key of an object, what roles should have on it, where the role is there; what the owner took from itself is for a person. Of
 * thousands of missing tables each would look through all rights.
 */
function rightsByKey({ expected, actual }: Catalogs): Map<string, (() => string[])[]> {
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

function publicationsIn({ expected, actual }: Catalogs): CatalogObject[] {
  const [should, is] = [expected, actual].map(({ objects }) => objects.filter((each) => each.class === 'publication'))
  const there = new Set(is?.map(({ name }) => name))
  return should?.filter(({ name }) => there.has(name)) ?? []
}

/** Where the publication is there, and lost only what is missing itself. */
function placesInPublications(objects: readonly CatalogObject[], publications: readonly CatalogObject[]): string[] {
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

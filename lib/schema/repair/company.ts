// What a repair must bring along so that one round of repairs is enough: keys between what comes together, rights, places in publications.
import { anewOnce } from './anew-once.ts'
import { dropWithKeys } from './attached-keys.ts'
import { objectKey, type Catalog, type CatalogObject } from '../catalog.ts'
import { createStatements } from '../ddl/create-statements.ts'
import { list } from '../ddl/fact-text.ts'
import { sqlName, sqlOwnName, sqlTable } from '../ddl/sql-name.ts'
import { objectOf, type Difference, type Side } from '../difference.ts'
import { isMadeAnew, reachOf } from './anew-reach.ts'
import { placesInPublications, publicationsIn, rightsByKey, withoutDefaults } from './company-rights.ts'
import { earlyBodies } from './late-bodies.ts'
import { heirColumns } from './heir-columns.ts'
import { belongingSteps, dropsFromOne } from './inherited-columns.ts'
import { isLoose, lateParts } from './late-parts.ts'
import { keysToLater, referredBy } from './late-keys.ts'
import { changedCompany, partitionCompany } from './partition-company.ts'
import { partitionNames } from './partition-names.ts'
import { repairSteps } from './repair-of.ts'
import type { Stages } from './stages.ts'
import { unlessThat, type Purpose, type Step } from './step.ts'
import { typeAnew } from './type-anew.ts'
import { unusedAnew } from './unused-anew.ts'

/** Statements before and after those of a repair, and what it must not make itself. */
export type Company = {
  before: string[]
  after: string[]
  without: ReadonlySet<CatalogObject>
  /** The body of a function names what comes later. */
  unchecked?: boolean
  /** Another repair may have done it before. */
  isDone?: boolean
  /** A column goes from its table alone. */
  isOnly?: boolean
  /** Where the object alone does not tell how. */
  otherwise?: Step[] | undefined
}

type Catalogs = { expected: Catalog; actual: Catalog }

const ANEW: ReadonlySet<string> = new Set(['enum', 'domain', 'range type', 'collation', 'operator class'])

/**
 * For what is missing or unexpected, for indexes and types; the differences are in the order of their repairs, and for a migration they
 * and the catalogs are turned (turned-difference.ts).
 */
export function companyOf(
  differences: readonly Difference[],
  catalogs: Catalogs,
  purpose: Purpose,
  stages: Stages,
): Map<Difference, Company> {
  const found = new Map<Difference, Company>()
  const heirs = heirColumns(differences, catalogs)
  const coming = differences.flatMap((each) => (each.kind === 'missing' ? [[each, each.expected] as const] : []))
  const { sides, changes, parts, away } = stages
  const late = keysToLater(sides, parts, changes)
  const keysWith = Map.groupBy(late.keys(), (key) => late.get(key))
  const changing = new Set(
    differences.flatMap((each) => (each.kind === 'changed' ? [objectKey(each.actual.object)] : [])),
  )
  // What was another table's is there, and has a repair of its own.
  const there = coming.flatMap(([, side]) => side.within).filter((each) => changing.has(objectKey(each)))
  const without = new Set([...late.keys(), ...there, ...away])
  const rights = rightsByKey(catalogs)
  // One that changes besides is set as a whole.
  const publications = publicationsIn(catalogs).filter((each) => !changing.has(objectKey(each)))
  for (const difference of differences) {
    const side = stages.sideOf(difference)
    if (side === undefined) continue
    const made = difference.kind === 'missing' ? [side.object, ...side.within].filter((each) => !away.has(each)) : []
    const own = [...made, ...stages.broughtBy(difference)]
    const after = [
      ...(parts.get(side) ?? []).flatMap((part) => partSteps(part, purpose, late)),
      ...(keysWith.get(side) ?? []).flatMap((key) => [
        ...(purpose === 'migration' ? [dropKey(key)] : []),
        ...createStatements({ object: key, within: [] }),
      ]),
      ...(difference.kind === 'missing' ? partitionCompany(side, own, catalogs.expected.objects) : []),
      ...(difference.kind === 'missing' ? (heirs(difference)?.after ?? []) : []),
      ...withoutDefaults(own, catalogs),
      ...own.flatMap((each) => rights.get(objectKey(each))?.flatMap((statements) => statements()) ?? []),
      ...placesInPublications(own, publications).map((sql) =>
        purpose === 'migration' ? unlessThat('duplicate_object', sql) : sql,
      ),
    ]
    if (difference.kind === 'missing' || after.length > 0) found.set(difference, { before: [], after, without })
  }
  const going = differences.flatMap((each) => (each.kind === 'unexpected' ? [[each, each.actual] as const] : []))
  const backwards = going.map(([, side]) => side).toReversed()
  const partsInTheWay = lateParts(backwards)
  const inTheWay = keysToLater(backwards, partsInTheWay)
  const tied = tiedBy(differences)
  const place = new Map(differences.map((each, index) => [each, index]))
  const keysInTheWay = Map.groupBy(inTheWay.keys(), (key) => inTheWay.get(key))
  for (const [difference, side] of going) {
    // What leans on a schema goes along with it.
    const leaning = side.object.class === 'schema' ? [] : (partsInTheWay.get(side) ?? []).toReversed()
    const first = leaning.flatMap((part) => repairSteps({ kind: 'missing', expected: part }, 'migration') ?? [])
    const before = [...(keysInTheWay.get(side) ?? []), ...tied.keys(side, place.get(difference) ?? 0)]
      .map(dropKey)
      .concat(tied.sequences(side, place.get(difference) ?? 0))
      .concat(first.map(({ sql }) => sql))
      .concat(dropWithKeys(side.object, catalogs.actual.objects))
    const drops = side.object.class === 'column' ? dropsFromOne(side.object, catalogs) : undefined
    found.set(difference, { before, after: drops ?? [], without: new Set(), isOnly: drops !== undefined })
  }
  for (const difference of differences) {
    if (difference.kind === 'renamed') {
      const after = partitionNames(difference.expected.object, catalogs.expected.objects, false)
      if (after.length > 0) found.set(difference, { before: [], after, without: new Set() })
    }
    if (difference.kind !== 'changed') continue
    const { actual, expected } = catalogs
    const { object } = difference.expected
    const { before = [], after: ofHeirs = [] } = heirs(difference) ?? {}
    const brought = found.get(difference)?.after ?? []
    const after = [...changedCompany(difference.expected, expected.objects), ...ofHeirs, ...brought]
    const otherwise = belongingSteps(difference, catalogs, purpose)
    if (before.length + after.length > 0 || otherwise !== undefined) {
      found.set(difference, { before, after, without: new Set(), otherwise })
    }
    if (!ANEW.has(difference.actual.object.class)) continue
    // Anything else of a domain can be changed where it stands, or is refused for good.
    if (object.class === 'domain' && !isMadeAnew(difference)) continue
    const rightsOn = heldRights(actual)
    const reach = isMadeAnew(difference) ? reachOf(difference.actual.object, actual.objects) : undefined
    const anew =
      unusedAnew(difference, actual, rightsOn(difference.actual.object)) ??
      (purpose === 'migration' && object.class === 'range type'
        ? undefined
        : typeAnew(difference, reach, differences, actual, rightsOn))
    const once = anew === undefined || purpose === 'database' ? anew : [anewOnce(object, anew)]
    found.set(difference, { before: [], after: [], without: new Set(), otherwise: once })
    if (anew === undefined || purpose === 'migration' || reach === undefined) continue
    const over = new Set(reach.types.slice(1).map((each) => objectKey(each)))
    for (const each of differences) {
      if (over.has(objectKey(objectOf(each)))) {
        found.set(each, { before: [], after: [], without: new Set(), ...found.get(each), isDone: true })
      }
    }
  }
  for (const each of earlyBodies(differences)) {
    found.set(each, { before: [], after: [], without: new Set(), ...found.get(each), unchecked: true })
  }
  return found
}

function heldRights(actual: Catalog): (object: CatalogObject) => string[] {
  const held = rightsByKey({ expected: actual, actual })
  return (object) => held.get(objectKey(object))?.flatMap((statements) => statements()) ?? []
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

/** What changes or goes by itself and would stop a table from going, or a column, or would go along: its own repair brings it back. */
function tiedBy(differences: readonly Difference[]): {
  keys: (side: Side, at: number) => CatalogObject[]
  sequences: (side: Side, at: number) => string[]
} {
  const changing = differences.flatMap((each) => (each.kind === 'changed' ? [each.actual.object] : []))
  // What has changed before is as it should be.
  const place = new Map(differences.map((each, index) => [each.kind === 'changed' ? each.actual.object : each, index]))
  const keys = Map.groupBy(
    changing.filter((each) => referredBy(each) !== undefined),
    (each) => `table ${referredBy(each)}`,
  )
  const owned = changing.filter((each) => each.class === 'sequence' && list(each, 'ownedBy').length > 0)
  return {
    keys: ({ object }, at) =>
      (keys.get(objectKey(object)) ?? []).filter((each) => each.parent !== objectKey(object) && place.get(each)! > at),
    sequences: ({ object: { class: kind, path } }, at) =>
      kind !== 'table' && kind !== 'column'
        ? []
        : owned
            .filter(
              (each) => place.get(each)! > at && path.every((name, index) => list(each, 'ownedBy')[index] === name),
            )
            .map((each) => `ALTER SEQUENCE ${sqlName(each.path)} OWNED BY NONE`),
  }
}

function dropKey(key: CatalogObject): string {
  return `ALTER TABLE IF EXISTS ${sqlTable(key)} DROP CONSTRAINT IF EXISTS ${sqlOwnName(key)}`
}

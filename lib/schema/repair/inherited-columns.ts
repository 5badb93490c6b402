// Columns that a table has from its parent, and is to have by itself, or the other way.
import { HAZARD } from '../../hazard.ts'
import { objectKey, qualifiedName, type Catalog, type CatalogObject } from '../catalog.ts'
import { createStatements } from '../ddl/create-statements.ts'
import { has, list } from '../ddl/fact-text.ts'
import { parseName } from '../ddl/parse-name.ts'
import { sqlOwnName, sqlTable } from '../ddl/sql-name.ts'
import type { Difference } from '../difference.ts'
import { columnRepair } from './column-repair.ts'
import { idempotent, step, type Purpose, type Step } from './step.ts'
import { tablesBelow } from './tables-below.ts'

type Catalogs = { expected: Catalog; actual: Catalog }

const BELONGING = ['inherited', 'alsoOwn']

/**
 * The steps for a column that becomes its table's own when the parent loses it, or its parent's besides when that gets it: what the
 * parent's repair does, too, and what else differs. undefined: anything else, and a column that is its own and should not be, which it stays.
 */
export function belongingSteps(
  difference: Difference,
  { expected, actual }: Catalogs,
  purpose: Purpose,
): Step[] | undefined {
  if (difference.kind !== 'changed' || difference.actual.object.class !== 'column') return undefined
  const { attributes, actual: from, expected: to } = difference
  if (!attributes.some((fact) => BELONGING.includes(fact))) return undefined
  const rest = attributes.filter((fact) => !BELONGING.includes(fact))
  const others = rest.length === 0 ? [] : columnRepair.change(from.object, to.object, rest, purpose, { from, to })
  if (others === undefined) return undefined
  if (has(from.object, 'inherited') && !has(to.object, 'inherited')) {
    const drops = originsOf(from.object, actual.objects).map((each) => step(dropOnly(each), HAZARD.shortLock))
    return drops.length === 0 ? undefined : [...drops, ...others]
  }
  if (has(from.object, 'inherited') || !has(to.object, 'alsoOwn') || rest.some((fact) => MERGED.has(fact)))
    return undefined
  const adds = originsOf(to.object, expected.objects).flatMap((object) => createStatements({ object, within: [] }))
  return adds.length === 0 ? undefined : [...adds.map((sql) => step(idempotent(sql), HAZARD.shortLock)), ...others]
}

/** In these a column must be as the parent's that comes to it (tablecmds.c, ATExecAddColumn). */
const MERGED = new Set(['type', 'collation', 'generated'])

/** The statements that take a column, which its table alone has lost, from those below that are to lose it; undefined where all are. */
export function dropsFromOne(column: CatalogObject, { expected, actual }: Catalogs): string[] | undefined {
  const below = tablesBelow(actual.objects)(column.parent ?? '')
  if (below.size === 0) return undefined
  const [should, is] = [expected.objects, actual.objects].map(
    (objects) =>
      new Map(alike(column, objects).flatMap((each) => (below.has(each.parent ?? '') ? [[each.parent, each]] : []))),
  )
  if (should?.size === 0) return undefined
  return [...below].flatMap((table) => (should?.has(table) ? [] : (is?.get(table) ?? []))).map(dropOnly)
}

/** Columns of parents that come to a table which has another of its own by that name, and those. */
export function ofOtherOwn(differences: readonly Difference[], { objects }: Catalog): Difference[] {
  const coming = differences.flatMap((each) =>
    each.kind === 'missing' && each.expected.object.class === 'column' ? [each] : [],
  )
  if (coming.length === 0) return []
  const below = tablesBelow(objects)
  return coming.flatMap((each) => {
    const { object } = each.expected
    const tables = below(object.parent ?? '')
    if (tables.size === 0) return []
    const others = alike(object, objects).filter(
      (one) =>
        tables.has(one.parent ?? '') &&
        [...MERGED].some((fact) => String(one.attributes[fact]) !== String(object.attributes[fact])),
    )
    const keys = new Set(others.map((one) => objectKey(one)))
    const own = differences.filter((one) => one.kind === 'changed' && keys.has(objectKey(one.actual.object)))
    return others.length === 0 ? [] : [each, ...own]
  })
}

function alike(column: CatalogObject, objects: readonly CatalogObject[]): CatalogObject[] {
  return objects.filter((each) => each.class === 'column' && each.path.at(-1) === column.path.at(-1))
}

/** The columns of the uppermost tables that it comes from. */
function originsOf(column: CatalogObject, objects: readonly CatalogObject[]): CatalogObject[] {
  const table = objects.find((each) => objectKey(each) === column.parent)
  const parents = new Set((table === undefined ? [] : list(table, 'inherits')).map(tableKey))
  if (parents.size === 0) return []
  return alike(column, objects)
    .filter((each) => parents.has(each.parent ?? ''))
    .flatMap((each) => (has(each, 'inherited') && !has(each, 'alsoOwn') ? originsOf(each, objects) : [each]))
}

function tableKey(name: string): string {
  return `table ${qualifiedName(parseName(name))}`
}

function dropOnly(column: CatalogObject): string {
  return `ALTER TABLE IF EXISTS ONLY ${sqlTable(column)} DROP COLUMN IF EXISTS ${sqlOwnName(column)}`
}

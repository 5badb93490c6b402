// A column whose default calls a function that reads the table of the column, and that the server looks into.
import { objectKey, type CatalogObject } from '../catalog.ts'
import { text } from '../ddl/fact-text.ts'
import type { Difference, Side } from '../difference.ts'
import { namesIn, ownName } from './names-in.ts'
import { hasStandardBody } from './standard-body.ts'

/** Differences that neither come nor go one after the other, since each of them wants the other one there. */
export function ofDefaultCircles(differences: readonly Difference[]): Difference[] {
  return [...circlesIn(differences, 'missing'), ...circlesIn(differences, 'unexpected')]
}

function circlesIn(differences: readonly Difference[], kind: 'missing' | 'unexpected'): Difference[] {
  const homes = new Map<CatalogObject, Difference>()
  for (const each of differences) {
    if (each.kind !== kind) continue
    const { object, within }: Side = each.kind === 'missing' ? each.expected : each.actual
    for (const part of [object, ...within]) homes.set(part, each)
  }
  const all = [...homes.keys()]
  const functions = all.filter(hasStandardBody)
  if (functions.length === 0) return []
  const byName = Map.groupBy(
    all.filter((each) => CALLED.has(each.class)),
    ownName,
  )
  const columns = all.filter((each) => each.class === 'column' && text(each, 'default') !== undefined)
  return functions.flatMap((called) => {
    const tables = reached(called, byName)
    const callers = columns.filter((each) => defaultNames(each).has(ownName(called)) && tables.has(each.parent ?? ''))
    const around = [called, ...callers].flatMap((each) => homes.get(each) ?? [])
    // A schema goes with all that is in it.
    const isWhole = kind === 'unexpected' && new Set(around).size === 1
    return callers.length === 0 || isWhole ? [] : around
  })
}

const CALLED: ReadonlySet<string> = new Set(['table', 'view', 'materialized view', 'function', 'procedure'])

/** Keys of all that the function cannot be made without. */
function reached(called: CatalogObject, byName: ReadonlyMap<string, readonly CatalogObject[]>): Set<string> {
  const found = new Set([called])
  // A set that grows is walked to its end.
  for (const each of found) {
    if (each.class === 'table' || (CALLS.has(each.class) && !hasStandardBody(each))) continue
    for (const name of namesIn(each)) for (const other of byName.get(name) ?? []) found.add(other)
  }
  return new Set([...found].map(objectKey))
}

const CALLS: ReadonlySet<string> = new Set(['function', 'procedure'])

function defaultNames(column: CatalogObject): Set<string> {
  return namesIn({ ...column, attributes: { default: text(column, 'default') ?? '' } })
}

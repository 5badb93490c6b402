// A table, a function of its rows, and an index or a check of the table that calls the function: the table comes first.
import type { ObjectClass } from '../../object-class.ts'
import type { CatalogObject } from '../catalog.ts'
import { objectOf, type Difference } from '../difference.ts'
import { namesIn } from './names-in.ts'

/**
 * True where the table, which comes or goes, must be there before what its checks, indexes and triggers call: those parts come later then
 * (late-parts.ts). `byName`: the differences by the names that others call them by.
 */
export function waitsFor(
  called: Difference,
  table: Difference,
  byName: ReadonlyMap<string, readonly Difference[]>,
): boolean {
  if (table.kind === 'changed' || objectOf(table).class !== 'table' || !CALLED.has(objectOf(called).class)) return false
  if (firmNames(table).has(objectOf(called).path.at(-1) ?? '')) return false
  const reached = new Set([called])
  // A set that grows is walked to its end.
  for (const each of reached) {
    if (each === table) return true
    for (const name of firmNames(each)) for (const other of byName.get(name) ?? []) reached.add(other)
  }
  return false
}

const CALLED: ReadonlySet<ObjectClass> = new Set<ObjectClass>(['function', 'aggregate', 'operator'])

/** Without what can come later, and bodies that the server does not look into before they run. */
function firmNames(difference: Difference): Set<string> {
  if (difference.kind === 'changed') return new Set()
  const { object, within } = difference.kind === 'missing' ? difference.expected : difference.actual
  const firm = [object, ...within.filter((each) => each.class === 'column')].map((each) =>
    each.class !== 'function' || each.attributes.language === 'sql' ? each : withoutBody(each),
  )
  return new Set(firm.flatMap((each) => [...namesIn(each)]))
}

function withoutBody(object: CatalogObject): CatalogObject {
  const { body: _, ...attributes } = object.attributes
  return { ...object, attributes }
}

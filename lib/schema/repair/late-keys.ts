// Foreign keys refer to what may come later than their own table.
import { objectKey, qualifiedName, type CatalogObject } from '../catalog.ts'
import type { Side } from '../difference.ts'
import { foreignKeyOf, standsOn, ties } from './foreign-key.ts'
import type { Changed } from './late-parts.ts'
import { needsChange } from './leaning-on-stuck.ts'

/** Each with what it comes with. `parts`: what comes with a later side (late-parts.ts), after the rest of that. `changes`: sides that are there and change. */
export function keysToLater(
  sides: readonly Side[],
  parts: ReadonlyMap<Side, readonly Side[]>,
  changes: ReadonlyMap<Side, Changed> = new Map(),
): Map<CatalogObject, Side> {
  const place = new Map(
    sides.flatMap((side, index) =>
      changes.has(side) ? [] : [side.object, ...side.within].map((each) => [objectKey(each), index] as const),
    ),
  )
  const late = new Map(
    sides.flatMap((side, index) => (parts.get(side) ?? []).map(({ object }) => [objectKey(object), index] as const)),
  )
  const lastEnd = endsIn(sides, changes)
  const found = new Map<CatalogObject, Side>()
  for (const [index, side] of sides.entries()) {
    for (const key of side.within) {
      const referred = referredBy(key)
      if (referred === undefined) continue
      const refersTo = late.get(`table ${referred}`) ?? place.get(`table ${referred}`) ?? -1
      const own = late.get(key.parent ?? '') ?? index
      const end = lastEnd(key, referred)
      const isLate = Math.max(refersTo, own, end) > index || late.has(`table ${referred}`)
      const last = sides[Math.max(refersTo, own, end)]
      if (isLate && last !== undefined) found.set(key, last)
    }
  }
  return found
}

/** The place of the last column or key, of a table that is there already, that a foreign key must wait for; -1 for none. */
function endsIn(
  sides: readonly Side[],
  changes: ReadonlyMap<Side, Changed>,
): (key: CatalogObject, referred: string) => number {
  const ends = sides.flatMap((side, index) => (ENDS.has(side.object.class) ? [{ side, index }] : []))
  const byTable = Map.groupBy(ends, ({ side }) => side.object.parent ?? '')
  return (object, referred) => {
    const key = foreignKeyOf(object)
    if (key === undefined) return -1
    const awaited = (byTable.get(`table ${referred}`) ?? []).filter(({ side }) => {
      const change = changes.get(side)
      if (change !== undefined) return needsChange(object, change)
      return side.object.class === 'column' ? ties(key, side.object) : standsOn(key, side.object)
    })
    return Math.max(-1, ...awaited.map(({ index }) => index))
  }
}

const ENDS: ReadonlySet<string> = new Set(['column', 'constraint', 'index'])

/** The table that a foreign key refers to, as the catalog names it; undefined for anything else. */
export function referredBy(constraint: CatalogObject): string | undefined {
  const key = foreignKeyOf(constraint)
  return key === undefined ? undefined : qualifiedName(key.referred)
}

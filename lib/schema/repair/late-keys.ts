// Foreign keys refer to what may come later than their own table.
import { objectKey, qualifiedName, type CatalogObject } from '../catalog.ts'
import type { Side } from '../difference.ts'
import { foreignKeyOf } from './foreign-key.ts'

/** Each with what it comes with. `parts`: what comes with a later side (late-parts.ts), after the rest of that. `changes`: sides that are there and change. */
export function keysToLater(
  sides: readonly Side[],
  parts: ReadonlyMap<Side, readonly Side[]>,
  changes: ReadonlyMap<Side, unknown> = new Map(),
): Map<CatalogObject, Side> {
  const place = new Map(
    sides.flatMap((side, index) =>
      changes.has(side) ? [] : [side.object, ...side.within].map((each) => [objectKey(each), index] as const),
    ),
  )
  const late = new Map(
    sides.flatMap((side, index) => (parts.get(side) ?? []).map(({ object }) => [objectKey(object), index] as const)),
  )
  const found = new Map<CatalogObject, Side>()
  for (const [index, side] of sides.entries()) {
    for (const key of side.within) {
      const referred = referredBy(key)
      if (referred === undefined) continue
      const refersTo = late.get(`table ${referred}`) ?? place.get(`table ${referred}`) ?? -1
      const own = late.get(key.parent ?? '') ?? index
      const isLate = refersTo > index || own > index || late.has(`table ${referred}`)
      const last = sides[Math.max(refersTo, own)]
      if (isLate && last !== undefined) found.set(key, last)
    }
  }
  return found
}

/** The table that a foreign key refers to, as the catalog names it; undefined for anything else. */
export function referredBy(constraint: CatalogObject): string | undefined {
  const key = foreignKeyOf(constraint)
  return key === undefined ? undefined : qualifiedName(key.referred)
}

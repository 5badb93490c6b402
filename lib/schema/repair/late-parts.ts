// A schema, or a table, that comes before some of what its parts lean on: those parts come with the last of that.
import { objectKey, type CatalogObject } from '../catalog.ts'
import { leanedOnFirst } from '../ddl/leaned-on-first.ts'
import type { Side } from '../difference.ts'
import { stands } from './leaning-on-stuck.ts'
import { namesIn } from './repair-order.ts'

/** What comes with a later side, each part with its own and in an order that works. Foreign keys are not told here (company.ts). */
export function lateParts(sides: readonly Side[]): Map<Side, Side[]> {
  const place = new Map(
    sides.flatMap((side, index) => [side.object, ...side.within].map((each) => [each, index] as const)),
  )
  const byName = Map.groupBy(place.keys(), ({ path }) => path.at(-1) ?? '')
  const late = new Map<CatalogObject, number>()
  const lastOf = (each: CatalogObject): number => late.get(each) ?? place.get(each) ?? -1
  const found = new Map<Side, Side[]>()
  for (const [index, side] of sides.entries()) {
    if (side.object.class !== 'schema') continue
    const units = leanedOnFirst(side.within.filter(isUnit), side.within).filter(isUnit)
    for (const unit of units) {
      const own = side.within.filter((each) => each === unit || (each.parent === objectKey(unit) && !isUnit(each)))
      const used = own.flatMap((each) =>
        [...namesIn(each)].flatMap((name) =>
          (byName.get(name) ?? []).filter((other) => lastOf(other) > index && stands(each, other)),
        ),
      )
      if (used.length === 0) continue
      const last = Math.max(...used.map(lastOf))
      for (const each of own) late.set(each, last)
      const latest = sides[last]
      const part = { object: unit, within: own.filter((each) => each !== unit), home: side.object }
      if (latest !== undefined) found.set(latest, [...(found.get(latest) ?? []), part])
    }
  }
  return found
}

/** What can be made by itself, later. A foreign key, a column or a key is made with its table. */
function isUnit({ class: kind }: CatalogObject): boolean {
  return !PARTS.has(kind)
}

const PARTS: ReadonlySet<string> = new Set(['column', 'constraint', 'sequence', 'user mapping'])

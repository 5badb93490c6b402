// A partition may take bounds that another leaves: two that change places must both be out before either is in again.
import type { CatalogObject } from '../catalog.ts'
import { has, list } from '../ddl/fact-text.ts'
import type { Difference } from '../difference.ts'
import type { Step } from './step.ts'

/** The repairs, in order, with what detaches a partition put before what first attaches one to the same table. */
export function detachedFirst(steps: ReadonlyMap<Difference, Step[]>): Map<Difference, Step[]> {
  const found = new Map(steps)
  const moved = [...steps.keys()].filter(isMoved)
  if (moved.length < 2) return found
  const first = new Map<string, Difference>()
  for (const each of moved) {
    const [before] = parentsOf(each.actual.object)
    const taker = first.get(before ?? '')
    if (taker !== undefined) {
      const own = found.get(each) ?? []
      const out = own.filter(isDetaching)
      found.set(taker, [...out, ...(found.get(taker) ?? [])])
      found.set(
        each,
        own.filter((step) => !out.includes(step)),
      )
    }
    for (const parent of parentsOf(each.expected.object)) if (!first.has(parent)) first.set(parent, each)
  }
  return found
}

type Changed = Extract<Difference, { kind: 'changed' }>

function isMoved(difference: Difference): difference is Changed {
  if (difference.kind !== 'changed' || difference.expected.object.class !== 'table') return false
  return ['inherits', 'partitionBound'].some((fact) => difference.attributes.includes(fact))
}

/** The table that it is a partition of. */
function parentsOf(table: CatalogObject): string[] {
  return has(table, 'partitionBound') ? list(table, 'inherits') : []
}

function isDetaching({ sql }: Step): boolean {
  return / DETACH PARTITION /.test(sql)
}

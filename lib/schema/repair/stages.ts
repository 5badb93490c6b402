// What comes or changes, in the order of the repairs, and what of it comes later than with its own.
import type { CatalogObject } from '../catalog.ts'
import type { Difference, Side } from '../difference.ts'
import { lateParts, type Changed } from './late-parts.ts'

export type Stages = {
  /** Of all that comes or changes; what changes brings nothing itself. */
  sides: readonly Side[]
  changes: ReadonlyMap<Side, Changed>
  sideOf: (difference: Difference) => Side | undefined
  /** By the side that they come with (late-parts.ts). */
  parts: ReadonlyMap<Side, readonly Side[]>
  /** All that does not come with its own. */
  away: ReadonlySet<CatalogObject>
  /** What a difference brings of another's. */
  broughtBy: (difference: Difference) => CatalogObject[]
}

/** The differences are in the order of their repairs. */
export function stagesOf(differences: readonly Difference[]): Stages {
  const stages = differences.flatMap((each): [Difference, Side][] => {
    if (each.kind === 'missing') return [[each, each.expected]]
    return each.kind === 'changed' ? [[each, { object: each.expected.object, within: [] }]] : []
  })
  const bySide = new Map(stages)
  const changes = new Map(stages.flatMap(([each, side]) => (each.kind === 'changed' ? [[side, each] as const] : [])))
  const sides = stages.map(([, side]) => side)
  const parts = lateParts(sides, changes)
  return {
    sides,
    changes,
    sideOf: (difference) => bySide.get(difference),
    parts,
    away: new Set([...parts.values()].flat().flatMap(objectsOf)),
    broughtBy(difference) {
      const side = bySide.get(difference)
      return side === undefined ? [] : (parts.get(side) ?? []).flatMap(objectsOf)
    },
  }
}

function objectsOf({ object, within }: Side): CatalogObject[] {
  return [object, ...within]
}

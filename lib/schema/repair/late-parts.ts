// A schema, or a table, that comes before some of what its parts lean on: those parts come with the last of that.
import { objectKey, type CatalogObject } from '../catalog.ts'
import { leanedOnFirst } from '../ddl/leaned-on-first.ts'
import type { Side } from '../difference.ts'
import { comesFromParent } from '../fold-inherited.ts'
import { foreignKeyOf } from './foreign-key.ts'
import { stands } from './leaning-on-stuck.ts'
import { LikelyUsed } from './likely-used.ts'

/** What can come later than the side that it is of, with all that comes along. */
type Unit = { object: CatalogObject; parts: CatalogObject[]; home: CatalogObject; index: number }

/** What comes with a later side, each part with its own and in an order that works. Foreign keys are not told here (late-keys.ts). */
export function lateParts(sides: readonly Side[]): Map<Side, Side[]> {
  const place = new Map(
    sides.flatMap((side, index) => [side.object, ...side.within].map((each) => [each, index] as const)),
  )
  const likely = new LikelyUsed([...place.keys()])
  const late = new Map<CatalogObject, number>()
  /** The last side that it must wait for, where it cannot be made with its own: what itself is late comes after the rest of that side. */
  const waitsFor = ({ parts, index }: Unit): number => {
    const used = parts.flatMap((each) =>
      likely
        .of(each)
        .filter((other) => (late.get(other) ?? (place.get(other) ?? -1) - 1) >= index && stands(each, other)),
    )
    return Math.max(...used.map((each) => late.get(each) ?? place.get(each) ?? -1))
  }
  const units = sides.flatMap((side, index) => unitsOf(side, index))
  // What waits for one that turns out to be late is late, too.
  for (let isDone = false; !isDone;) {
    isDone = true
    for (const unit of units) {
      const last = waitsFor(unit)
      if (last <= (late.get(unit.object) ?? -1)) continue
      for (const each of unit.parts) late.set(each, last)
      isDone = false
    }
  }
  return bySide(
    sides,
    units.filter(({ object }) => late.has(object)),
    late,
  )
}

function bySide(
  sides: readonly Side[],
  units: readonly Unit[],
  late: ReadonlyMap<CatalogObject, number>,
): Map<Side, Side[]> {
  const byObject = new Map(units.map((unit) => [unit.object, unit]))
  const ordered = leanedOnFirst(
    [...byObject.keys()],
    units.flatMap(({ parts }) => parts),
  ).flatMap((each) => byObject.get(each) ?? [])
  const found = new Map<Side, Side[]>()
  for (const { object, parts, home } of ordered) {
    const side = sides[late.get(object) ?? -1]
    if (side === undefined) continue
    found.set(side, [...(found.get(side) ?? []), { object, within: parts.slice(1), home }])
  }
  return found
}

function unitsOf(side: Side, index: number): Unit[] {
  const { object: home, within } = side
  if (home.class === 'table') {
    const loose = within.filter((each) => isLoose(each) && !comesFromParent(each))
    return loose.map((object) => ({ object, parts: [object], home, index }))
  }
  if (home.class !== 'schema') return []
  const units = leanedOnFirst(within.filter(isUnit), within).filter(isUnit)
  return units.map((object) => ({ object, parts: withParts(object, within), home, index }))
}

/** With its columns and keys, and the sequences of its columns. */
function withParts(unit: CatalogObject, all: readonly CatalogObject[]): CatalogObject[] {
  const parts = [unit]
  // The list grows while it is walked.
  for (const part of parts) {
    const key = objectKey(part)
    parts.push(...all.filter((each) => each.parent === key && !isUnit(each)))
  }
  return parts
}

/** What can be made by itself, later. A foreign key, a column or a key is made with its table. */
function isUnit({ class: kind }: CatalogObject): boolean {
  return !PARTS.has(kind)
}

const PARTS: ReadonlySet<string> = new Set(['column', 'constraint', 'sequence', 'user mapping'])

/** What a table can do without until what it leans on is there. */
export function isLoose(object: CatalogObject): boolean {
  return LOOSE.has(object.class) && foreignKeyOf(object) === undefined
}

const LOOSE: ReadonlySet<string> = new Set(['constraint', 'index', 'trigger', 'policy', 'rule', 'statistics object'])

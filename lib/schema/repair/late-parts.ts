// A schema, or a table, that comes before some of what its parts lean on: those parts come with the last of that.
import { objectKey, type CatalogObject } from '../catalog.ts'
import { leanedOnFirst, qualifiedNames } from '../ddl/leaned-on-first.ts'
import { text } from '../ddl/fact-text.ts'
import type { Difference, Side } from '../difference.ts'
import { comesFromParent } from '../fold-inherited.ts'
import { foreignKeyOf } from './foreign-key.ts'
import { needsChange, stands } from './leaning-on-stuck.ts'
import { LikelyUsed } from './likely-used.ts'

/** What can come later than the side that it is of, with all that comes along. */
type Unit = { object: CatalogObject; parts: CatalogObject[]; home: CatalogObject; index: number }

export type Changed = Extract<Difference, { kind: 'changed' }>

/**
 * What comes with a later side, each part with its own and in an order that works. Foreign keys are not told here (late-keys.ts).
 * `changes`: sides that are there and change, which bring nothing themselves.
 */
export function lateParts(sides: readonly Side[], changes: ReadonlyMap<Side, Changed> = new Map()): Map<Side, Side[]> {
  const coming = sides.map((side, index) => [side, index] as const).filter(([side]) => !changes.has(side))
  const place = new Map(
    coming.flatMap(([side, index]) => [side.object, ...side.within].map((each) => [each, index] as const)),
  )
  const likely = new LikelyUsed([...place.keys()])
  const waitsForChange = changesAwaited(sides, changes)
  const extensions = coming.filter(([{ object }]) => object.class === 'extension')
  const late = new Map<CatalogObject, number>()
  /** The last side that it must wait for, where it cannot be made with its own: what itself is late comes after the rest of that side. */
  const waitsFor = (unit: Unit): number => {
    const { parts, index } = unit
    const used = parts.flatMap((each) =>
      likely
        .of(each)
        .filter((other) => (late.get(other) ?? (place.get(other) ?? -1) - 1) >= index && stands(each, other)),
    )
    const made = extensions.filter(([{ object }, at]) => at > index && isOfExtension(unit, object, sides[index]))
    return Math.max(
      ...used.map((each) => late.get(each) ?? place.get(each) ?? -1),
      ...made.map(([, at]) => at),
      waitsForChange(unit),
    )
  }
  const units = coming.flatMap(([side, index]) => unitsOf(side, index))
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

/** The place of the last later change that a unit needs; -1 where it needs none. */
function changesAwaited(sides: readonly Side[], changes: ReadonlyMap<Side, Changed>): (unit: Unit) => number {
  if (changes.size === 0) return () => -1
  const places = new Map(
    sides.flatMap((side, index) => {
      const change = changes.get(side)
      return change === undefined ? [] : [[side.object, { change, index }] as const]
    }),
  )
  const likely = new LikelyUsed([...places.keys()])
  return ({ object, parts, index }) => {
    const awaited = parts.flatMap((part) =>
      likely.of(part).flatMap((other) => {
        const found = places.get(other)
        if (found === undefined || found.index < index || !isAnother(found.change)) return []
        // It may read the part itself, by now.
        return needsChange(part, found.change) && !stands(other, object) ? [found.index] : []
      }),
    )
    return Math.max(-1, ...awaited)
  }
}

/** What calls a view or a function minds only what this gives and takes. */
function isAnother({ attributes, expected: { object } }: Changed): boolean {
  const calls = CALLS[object.class]
  return calls === undefined || attributes.some((fact) => calls.includes(fact))
}

const CALLS: Partial<Record<CatalogObject['class'], readonly string[]>> = {
  view: ['columns'],
  'materialized view': ['columns'],
  function: ['arguments', 'result'],
  procedure: ['arguments', 'result'],
}

/** True where it names something of its own schema that only the extension can bring into that. */
function isOfExtension({ parts }: Unit, extension: CatalogObject, home: Side | undefined): boolean {
  const schema = text(extension, 'schema')
  if (home?.object.class !== 'schema' || home.object.path[0] !== schema) return false
  const known = new Set(home.within.map(({ path: [, name] }) => name))
  return parts.some(({ attributes, signature = '', definition = '' }) => {
    const told = [signature, definition, ...Object.values(attributes).map(String)].join('\n')
    return qualifiedNames(told).some(([place, name]) => place === schema && !known.has(name))
  })
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

// What a partition has from its table is told with the table: one dropped index is not one for each partition.
import { objectKey, qualifiedName, type CatalogObject, type Fact } from './catalog.ts'
import { parseName } from './ddl/parse-name.ts'
import { objectOf, sidesOf, type Difference, type Side } from './difference.ts'

type Changed = Extract<Difference, { kind: 'changed' }>
type ByKey = { get: (key: string) => CatalogObject | undefined }

/** Facts that tell no more than that it comes from a parent table. */
const BELONGING = ['inherited', 'alsoOwn', 'partOf']
/** Facts of a table that was attached to another one, or detached. */
const ATTACHMENT = ['inherits', 'partitionBound']

/** Leaves out what follows from another difference. Partitions that came or went with their table are put within it. */
export function foldInherited(differences: readonly Difference[], should: ByKey, is: ByKey): Difference[] {
  const byKey = new Map(differences.map((each) => [keyOf(each.kind, objectOf(each)), each]))
  if (!differences.some((each) => isOfPartition(each))) return [...differences]
  const kept = differences.filter((each) => !follows(each))
  return kept.map((each) => withPartitions(withoutTold(each), differences))

  function follows(difference: Difference): boolean {
    const object = objectOf(difference)
    const tables = difference.kind === 'missing' ? should : is
    if (object.class === 'table') return comesWithTable(difference) !== undefined
    const table = object.parent === undefined ? undefined : tables.get(object.parent)
    if (table === undefined) return false
    const ofTable = byKey.get(keyOf('changed', table))
    if (byAttachment(difference, ofTable)) return true
    // What the parent gets does not come to it any more, or not yet.
    if (difference.kind === 'changed' && isAttachment(ofTable, ['inherits'])) return false
    // A check of its own comes with no parent's, whatever becomes of that.
    if (difference.kind === 'changed' && object.class === 'constraint' && !sidesOf(difference).every(isInherited))
      return false
    return comesFromParent(object) && parentsOf(table).some((parent) => tellsOf(parent, difference))
  }

  /** The table that was attached or detached tells that, and its parent what it gives. */
  function withoutTold(difference: Difference): Difference {
    if (difference.kind !== 'changed') return difference
    const { parent = '' } = difference.actual.object
    if (isAttachment(byKey.get(`changed ${parent}`))) {
      return { ...difference, attributes: difference.attributes.filter((fact) => !BELONGING.includes(fact)) }
    }
    if (!comesFromParent(difference.expected.object)) return difference
    const tables = parentsOf(is.get(parent) ?? difference.actual.object)
    const told = tables.flatMap((each) => candidates(difference, each)).filter((each) => each.kind === 'changed')
    const left = difference.attributes.filter((fact) => !told.some((each) => brings(each, difference, fact)))
    return { ...difference, attributes: left }
  }

  /** True where the same is told of the parent table, of which the difference is a copy. */
  function tellsOf(parent: string, difference: Difference): boolean {
    return candidates(difference, parent).some((other) => {
      if (difference.kind !== 'changed' || other.kind !== 'changed') return true
      return difference.attributes.every((fact) => brings(other, difference, fact) || isOfParents(difference, fact))
    })
  }

  function candidates(difference: Difference, parent: string): Difference[] {
    const object = objectOf(difference)
    const { class: kind, path, attributes } = object
    const { partOf } = attributes
    const name =
      typeof partOf === 'string' ? qualifiedName(parseName(partOf)) : `${parent}.${qualifiedName(path.slice(-1))}`
    const named = byKey.get(keyOf(difference.kind, { class: kind, name }))
    if (named !== undefined || kind !== 'constraint') return named === undefined ? [] : [named]
    // A key has another name in each partition.
    return differences.filter((other) => {
      const { class: otherKind, parent: home, attributes: facts } = objectOf(other)
      const alike = facts.kind === attributes.kind && facts.definition === attributes.definition
      return other.kind === difference.kind && otherKind === kind && home === `table ${parent}` && alike
    })
  }

  function comesWithTable(difference: Difference): Difference | undefined {
    if (difference.kind !== 'missing' && difference.kind !== 'unexpected') return undefined
    const { attributes } = objectOf(difference)
    if (attributes.partitionBound === undefined) return undefined
    return parentsOf(objectOf(difference))
      .map((name) => byKey.get(keyOf(difference.kind, { class: 'table', name })))
      .find((each) => each !== undefined)
  }

  function withPartitions(difference: Difference, all: readonly Difference[]): Difference {
    if (difference.kind !== 'missing' && difference.kind !== 'unexpected') return difference
    const own = [difference]
    // The list grows while it is walked: partitions have partitions.
    for (const each of own) {
      for (const other of all) {
        const { kind } = other
        if ((kind === 'missing' || kind === 'unexpected') && comesWithTable(other) === each) own.push(other)
      }
    }
    const within = own.flatMap((each, index) => {
      const { object, within: inside } = sideOf(each)
      return index === 0 ? inside : [object, ...inside]
    })
    return difference.kind === 'missing'
      ? { ...difference, expected: { ...difference.expected, within } }
      : { ...difference, actual: { ...difference.actual, within } }
  }
}

/** True for what a partition, or an inheriting table, has from its parent alone. */
export function comesFromParent({ attributes }: CatalogObject): boolean {
  return (attributes.inherited === true && attributes.alsoOwn !== true) || attributes.partOf !== undefined
}

function isInherited(side: CatalogObject | undefined): boolean {
  return side === undefined || comesFromParent(side)
}

/** True for what tells no more than that it comes from a parent; a column that is its table's own besides stays when the parent loses it. */
function isOfParents({ expected: { object } }: Changed, fact: string): boolean {
  return BELONGING.includes(fact) && (object.class !== 'column' || fact !== 'alsoOwn')
}

/** True where the column of the partition was and will be as the table's is: it may have a default of its own. */
function brings(table: Changed, partition: Changed, fact: string): boolean {
  if (!table.attributes.includes(fact)) return false
  if (table.expected.object.class !== 'column') return true
  if (fact === 'alsoOwn') return false
  const sides = ['expected', 'actual'] as const
  return sides.every(
    (side) => String(table[side].object.attributes[fact]) === String(partition[side].object.attributes[fact]),
  )
}

function isOfPartition(difference: Difference): boolean {
  const object = objectOf(difference)
  if (comesFromParent(object) || object.attributes.partitionBound !== undefined) return true
  return (
    difference.kind === 'changed' && [...BELONGING, ...ATTACHMENT].some((fact) => difference.attributes.includes(fact))
  )
}

/** True where the table was attached or detached, and this follows from it. */
function byAttachment(difference: Difference, ofTable: Difference | undefined): boolean {
  if (!isAttachment(ofTable)) return false
  if (difference.kind === 'changed') return difference.attributes.every((fact) => BELONGING.includes(fact))
  return objectOf(difference).class === 'trigger' && comesFromParent(objectOf(difference))
}

function isAttachment(ofTable: Difference | undefined, facts = ATTACHMENT): boolean {
  return ofTable?.kind === 'changed' && facts.some((fact) => ofTable.attributes.includes(fact))
}

function sideOf(difference: Difference): Side {
  return difference.kind === 'unexpected' ? difference.actual : (difference as { expected: Side }).expected
}

function parentsOf({ attributes }: CatalogObject): string[] {
  const parents: Fact | undefined = attributes.inherits
  return Array.isArray(parents) ? parents.map((name) => qualifiedName(parseName(name))) : []
}

function keyOf(kind: Difference['kind'], object: Pick<CatalogObject, 'class' | 'name'>): string {
  return `${kind} ${objectKey(object)}`
}

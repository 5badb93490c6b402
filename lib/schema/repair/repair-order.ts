// An order in which the repairs of several differences can be run one after the other.
import { OBJECT_CLASSES, type CatalogObject } from '../catalog.ts'
import { objectOf, type Difference } from '../diff-catalogs.ts'

/**
 * The differences in an order in which running `repair.database` of each works: first what must go, each before what it leans on; then
 * what is renamed, then what changes or comes, each after what it leans on; last what goes only when nothing leans on it any more. What leans on what is told by the classes, and by the names in the texts.
 */
export function inRepairOrder(differences: readonly Difference[]): Difference[] {
  const goes = differences.filter(({ kind }) => kind === 'unexpected')
  const comes = differences.filter(({ kind }) => kind !== 'unexpected')
  const renamedFirst = (each: Difference) =>
    (each.kind === 'renamed' ? -OBJECT_CLASSES.length : 0) + rank(objectOf(each))
  const kept = comes.toSorted((a, b) => renamedFirst(a) - renamedFirst(b))
  const gone = goes.toSorted((a, b) => rank(objectOf(a)) - rank(objectOf(b)))
  const going = leanedOnFirst(gone).toReversed()
  const late = going.filter((each) => isLeanedOn(objectOf(each), kept))
  return [...going.filter((each) => !late.includes(each)), ...leanedOnFirst(kept), ...late]
}

/** True for types and their like, and for what something that changes still names. */
function isLeanedOn(object: CatalogObject, kept: readonly Difference[]): boolean {
  if (rank(object) < OBJECT_CLASSES.indexOf('table')) return true
  return kept.some((each) => each.kind === 'changed' && mentions(textsOf(each.actual.object), object))
}

/** Where the order of the report is not that of the making. */
function rank({ class: kind, attributes }: CatalogObject): number {
  const place = OBJECT_CLASSES.indexOf(kind)
  if (kind === 'constraint' && attributes.kind === 'FOREIGN KEY') return OBJECT_CLASSES.indexOf('index') + 0.5
  // Defaults, checks, indexes and views call functions.
  if (kind === 'function' || kind === 'aggregate') return OBJECT_CLASSES.indexOf('column') + 0.5
  return place
}

/** Keeps the order but for what is mentioned by something before it. */
function leanedOnFirst(differences: readonly Difference[]): Difference[] {
  const order: Difference[] = []
  const seen = new Set<Difference>()
  const visit = (each: Difference): void => {
    if (seen.has(each)) return
    seen.add(each)
    const words = textsOf(objectOf(each))
    for (const other of differences) if (other !== each && mentions(words, objectOf(other))) visit(other)
    order.push(each)
  }
  differences.forEach(visit)
  return order
}

/** Only what others call by name; a column is called by half of them, and the classes see to that. */
function mentions(words: ReadonlySet<string>, { class: kind, path }: CatalogObject): boolean {
  const named = [
    'view',
    'materialized view',
    'function',
    'procedure',
    'aggregate',
    'table',
    'enum',
    'domain',
    'sequence',
  ]
  return named.includes(kind) && words.has(path.at(-1) ?? '')
}

function textsOf({ attributes, path }: CatalogObject): Set<string> {
  const texts = Object.values(attributes).filter((fact) => typeof fact === 'string' || Array.isArray(fact))
  const words = texts.flatMap((fact) => String(fact).match(/"(?:[^"]|"")+"|[\p{L}_][\p{L}\d_$]*/gu) ?? [])
  const names = new Set(words.map((word) => (word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word)))
  names.delete(path.at(-1) ?? '')
  return names
}

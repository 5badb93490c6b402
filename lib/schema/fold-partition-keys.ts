// A foreign key that a partition has from its table may be called otherwise there: pg_dump keeps no name of it, and a restore gives the table's.
import type { CatalogObject } from './catalog.ts'
import type { Difference } from './difference.ts'
import { comesFromParent } from './fold-inherited.ts'

/** Leaves out inherited foreign keys that are there, and alike, under another name. */
export function foldPartitionKeys(differences: readonly Difference[]): Difference[] {
  const there = differences.flatMap((each) =>
    each.kind === 'unexpected' && isInheritedKey(each.actual.object) ? [each] : [],
  )
  if (there.length === 0) return [...differences]
  const alike = new Set<Difference>()
  for (const each of differences) {
    if (each.kind !== 'missing' || !isInheritedKey(each.expected.object)) continue
    const other = there.find(
      (one) => !alike.has(one) && contentOf(one.actual.object) === contentOf(each.expected.object),
    )
    if (other !== undefined) alike.add(each).add(other)
  }
  return differences.filter((each) => !alike.has(each))
}

function isInheritedKey(object: CatalogObject): boolean {
  return object.class === 'constraint' && object.attributes.kind === 'FOREIGN KEY' && comesFromParent(object)
}

function contentOf({ parent, attributes }: CatalogObject): string {
  return JSON.stringify([parent, Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1))])
}

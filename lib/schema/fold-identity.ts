// A serial column that became an identity column, or the other way round, is one thing: its sequence is told with it.
import { objectKey } from './catalog.ts'
import { objectOf, type Difference } from './difference.ts'

/** Leaves out sequences that came or went because their column's values come from elsewhere now: its repair sees to them. */
export function foldIdentity(differences: readonly Difference[]): Difference[] {
  const turned = new Set(
    differences.flatMap((each) =>
      each.kind === 'changed' && each.attributes.includes('identitySequence') ? [objectKey(each.actual.object)] : [],
    ),
  )
  if (turned.size === 0) return [...differences]
  return differences.filter((each) => {
    const { class: kind, parent = '' } = objectOf(each)
    return !(kind === 'sequence' && each.kind !== 'changed' && turned.has(parent))
  })
}

// A column that counts by itself has a sequence of its own, which has a name that another may be to have.
import type { Difference } from '../difference.ts'

/**
 * Columns that become identity columns, or are none any more, where a sequence that is not theirs goes or comes by the same name: each
 * would have to wait for the other.
 */
export function ofTakenNames(differences: readonly Difference[]): Difference[] {
  const names = new Map<unknown, Difference>()
  for (const each of differences) {
    if (each.kind !== 'changed' || !each.attributes.includes('identitySequence')) continue
    for (const side of [each.expected, each.actual]) {
      const { identitySequence } = side.object.attributes
      if (identitySequence !== undefined) names.set(identitySequence, each)
    }
  }
  if (names.size === 0) return []
  return differences.flatMap((each) => {
    if (each.kind !== 'missing' && each.kind !== 'unexpected') return []
    const { object } = each.kind === 'missing' ? each.expected : each.actual
    const column = object.class === 'sequence' ? names.get(object.name) : undefined
    return column === undefined ? [] : [column, each]
  })
}

// Functions in SQL, whose bodies the server looks into when they are made, unless it is told not to (manual, check_function_bodies).
import type { CatalogObject } from '../catalog.ts'
import { text } from '../ddl/fact-text.ts'
import type { Difference } from '../difference.ts'
import { NAMED, namesIn, ownName } from './names-in.ts'
import { isTextOnly } from './row-circles.ts'

/**
 * Differences that bring, or change, a function before something that its body names, or together with that; they are in the order of
 * their repairs.
 */
export function earlyBodies(differences: readonly Difference[]): Set<Difference> {
  const coming = differences.filter(({ kind }) => kind === 'missing' || kind === 'changed')
  const place = new Map<string, number>()
  for (const [index, each] of coming.entries()) {
    if (each.kind !== 'missing') continue
    const named = [each.expected.object, ...each.expected.within].filter(
      ({ class: kind }) => NAMED.has(kind) && kind !== 'column',
    )
    for (const object of named) place.set(ownName(object), index)
  }
  return new Set(
    coming.filter((each, index) =>
      functionsOf(each).some((object) => {
        const names = namesIn({ ...object, attributes: { body: text(object, 'body') ?? '' } })
        return [...names].some((name) => (place.get(name) ?? -1) >= index)
      }),
    ),
  )
}

function functionsOf(difference: Difference): CatalogObject[] {
  if (difference.kind !== 'missing' && difference.kind !== 'changed') return []
  const { object, within } = difference.expected
  const coming = difference.kind === 'missing' ? [object, ...within] : [object]
  return coming.filter((each) => isTextOnly(each) && text(each, 'language') === 'sql')
}

// What stays as it is, and stands on what is made anew: whatever is built on it waits for that, too.
import type { CatalogObject } from '../catalog.ts'
import { objectOf, type Difference } from '../difference.ts'
import { isBarred } from './barred.ts'
import { namesIn, ownName } from './names-in.ts'
import { hasStandardBody } from './standard-body.ts'

const MADE_ANEW: ReadonlySet<string> = new Set(['view', 'materialized view', 'function', 'procedure', 'aggregate'])

/** By the names of views and functions without a difference: what they lean on that is made anew, be it through others. */
export function leaningThrough(
  differences: readonly Difference[],
  objects: readonly CatalogObject[],
): Map<string, Difference[]> {
  const anew = differences.filter((each) => MADE_ANEW.has(objectOf(each).class) && isBarred(each, new Set()))
  const found = new Map<string, Difference[]>()
  if (anew.length === 0) return found
  const own = new Set(differences.map((each) => ownName(objectOf(each))))
  const still = objects.filter((each) => MADE_ANEW.has(each.class) && !own.has(ownName(each)))
  const named = still.map((each) => [ownName(each), namesIn(called(each))] as const)
  const byName = Map.groupBy(anew, (each) => ownName(objectOf(each)))
  for (let isDone = false; !isDone;) {
    isDone = true
    for (const [name, names] of named) {
      if (found.has(name)) continue
      const leansOn = [...names].flatMap((other) => byName.get(other) ?? found.get(other) ?? [])
      if (leansOn.length === 0) continue
      found.set(name, leansOn)
      isDone = false
    }
  }
  return found
}

/** What the server knows of it. */
function called(object: CatalogObject): CatalogObject {
  const { query, arguments: takes, result, body } = object.attributes
  const known = [query, takes, result, hasStandardBody(object) && body].filter((each) => typeof each === 'string')
  return { ...object, attributes: { known } }
}

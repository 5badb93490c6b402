// Circles of what comes or goes: what the server does not look into before all is there must not be waited for.
import type { ObjectClass } from '../../object-class.ts'
import type { CatalogObject } from '../catalog.ts'
import { objectOf, type Difference } from '../difference.ts'
import { foreignKeyOf } from './foreign-key.ts'
import { namesIn, ownName } from './names-in.ts'
import { hasStandardBody } from './standard-body.ts'

/**
 * Tells of two differences, `called` and what names it, whether the first must wait for the second though the second names it: a table is there
 * before functions of its rows that its own checks, indexes and triggers call, and before views of it that its own policies ask, which come
 * later then (late-parts.ts); a function is there before what only its body names (late-bodies.ts). `byName`: the differences by the names that others call them by.
 */
export function circlesAmong(
  byName: ReadonlyMap<string, readonly Difference[]>,
): (called: Difference, user: Difference) => boolean {
  const firm = remembered(firmNames)
  const next = remembered((each) => new Set([...strictNames(each)].flatMap((name) => byName.get(name) ?? [])))
  return (called, user) => {
    if (!isLoose(called, user) || firm(user).has(ownName(objectOf(called)))) return false
    const reached = new Set([called])
    // A set that grows is walked to its end.
    for (const each of reached) {
      if (each === user) return true
      for (const other of next(each)) reached.add(other)
    }
    return false
  }
}

function remembered<T>(tell: (difference: Difference) => T): (difference: Difference) => T {
  const known = new Map<Difference, T>()
  return (difference) => {
    const told = known.get(difference) ?? tell(difference)
    known.set(difference, told)
    return told
  }
}

/** True where the one may name the other in something that can wait. */
function isLoose(called: Difference, user: Difference): boolean {
  const { class: kind } = objectOf(user)
  if (kind === 'function' || kind === 'procedure') return true
  return kind === 'table' && user.kind !== 'changed' && CALLED.has(objectOf(called).class)
}

const CALLED: ReadonlySet<ObjectClass> = new Set<ObjectClass>([
  'function',
  'aggregate',
  'operator',
  'table',
  'view',
  'materialized view',
])

/** What cannot be without it: neither in a body, nor in what a table can do without for a while. */
function firmNames(difference: Difference): Set<string> {
  const [object, ...within] = objectsOf(difference)
  return namesOf([object, ...within.filter((each) => each.class === 'column')])
}

/** With all that a table has but its foreign keys. */
function strictNames(difference: Difference): Set<string> {
  return namesOf(objectsOf(difference).filter((each) => foreignKeyOf(each) === undefined))
}

function objectsOf(difference: Difference): [CatalogObject, ...CatalogObject[]] {
  if (difference.kind === 'changed') return [difference.expected.object]
  const { object, within } = difference.kind === 'unexpected' ? difference.actual : difference.expected
  return [object, ...within]
}

function namesOf(objects: readonly CatalogObject[]): Set<string> {
  return new Set(objects.flatMap((each) => [...namesIn(isTextOnly(each) ? withoutBody(each) : each)]))
}

/** True for a function whose body is its author's text. */
export function isTextOnly(object: CatalogObject): boolean {
  return (object.class === 'function' || object.class === 'procedure') && !hasStandardBody(object)
}

function withoutBody(object: CatalogObject): CatalogObject {
  const { body: _, ...attributes } = object.attributes
  return { ...object, attributes }
}

// What the server will not let a change pass under: views of a column that gets another type, whatever calls a function that is made anew.
import { grantStatements } from '../access/access-sql.ts'
import { keepFacts, keyOf } from '../access/access-facts.ts'
import { objectKey, qualifiedName, type Catalog, type CatalogObject } from '../catalog.ts'
import { has } from '../ddl/fact-text.ts'
import { objectOf, type Difference, type Side } from '../difference.ts'
import { comesFromParent } from '../fold-inherited.ts'
import { isMadeAnew, reachOf, type Reach } from './anew-reach.ts'
import { isBarred, isComputedAnew, isRetyped, madeByItsOwn, replacedNames, replacements } from './barred.ts'
import { foreignKeyOf, isForeignKey, mayTie, standsOn, ties } from './foreign-key.ts'
import type { Stages } from './stages.ts'
import { tablesBelow } from './tables-below.ts'
import { WalkedCatalog } from './walked-catalog.ts'
import { groupsBy, goesWith, isBuiltOn, isCalled, isKey, isKeyOfHeir, movable, uses } from './what-uses.ts'

/** What makes way for a change and comes back after it, each after what it leans on. */
export type Users = {
  gone: Side[]
  back: Side[]
  /** Rights on what comes back. */
  rights: string[]
}

type Walk = {
  /** The catalog as the repairs so far have left it. */
  catalog: WalkedCatalog
  owner: string | undefined
  /** What is still to be done, in order. */
  ahead: Difference[]
  touched: Map<string, Difference>
  /** Took itself away for something and is not back. */
  lost: Set<string>
  /** The keys of tables that inherit from one. */
  below: (table: string) => ReadonlySet<string>
  /** What a type that is made anew takes along, when that is first asked. */
  reach: (difference: Extract<Difference, { kind: 'changed' }>) => Reach | undefined
  /** Names that something else comes by. */
  replaced: ReadonlySet<string>
}

/**
 * The users of what changes or makes way for another of its name, for each change that the server refuses while there are any.
 * `unmovable`: something that cannot be made anew stands on it. The differences are in the order of their repairs: what an earlier one
 * left is what a later one finds. What differs itself, or is used by a later change too, goes and does not come back: that one makes it.
 * `withheld`: what has no repair, so that nothing may wait for it; `stages`: of these differences.
 */
export function usersOneWay(
  differences: readonly Difference[],
  { expected, actual }: { expected: Catalog; actual: Catalog },
  withheld: ReadonlySet<Difference>,
  stages: Stages,
): Map<Difference, Users | 'unmovable'> {
  const found = new Map([...withheld].map((each): [Difference, Users | 'unmovable'] => [each, 'unmovable']))
  const replaced = replacedNames(differences)
  if (!differences.some((each) => isBarred(each, replaced))) return found
  const ahead = differences.filter((each) => !withheld.has(each))
  const catalog = new WalkedCatalog(actual.objects, differences, expected.objects)
  const reaches = new Map<Difference, Reach | undefined>()
  const walk: Walk = {
    catalog,
    owner: actual.owner,
    ahead: [...ahead],
    // What stays as it is must come back.
    touched: new Map(ahead.map((each) => [objectKey(objectOf(each)), each])),
    lost: new Set(),
    below: tablesBelow(actual.objects),
    reach(each) {
      if (!reaches.has(each)) reaches.set(each, reachOf(each.actual.object, catalog.objects()))
      return reaches.get(each)
    },
    replaced,
  }
  for (const difference of differences) {
    if (withheld.has(difference)) continue
    walk.ahead.shift()
    const key = objectKey(objectOf(difference))
    if (isBarred(difference, replaced) || walk.lost.has(key) || (difference.kind === 'missing' && walk.lost.size > 0)) {
      const users = usersAt(difference, walk)
      if (users === 'unmovable' || users.gone.length + users.back.length + users.rights.length > 0) {
        found.set(difference, users)
      }
    }
    walk.lost.delete(key)
    walk.touched.delete(key)
    walk.catalog.walk(difference, { away: stages.away, brought: stages.broughtBy(difference) })
  }
  for (const [going, coming] of replacements(differences)) {
    const stays = found.get(going) === 'unmovable' || differences.indexOf(going) > differences.indexOf(coming)
    if (stays) for (const each of [going, coming]) found.set(each, 'unmovable')
  }
  return found
}

function usersAt(difference: Difference, walk: Walk): Users | 'unmovable' {
  const users: CatalogObject[] = []
  const object = objectOf(difference)
  const objects = walk.catalog.objects()
  if (!collect((each) => direct(each, difference, walk), object)) return 'unmovable'
  // The list grows while it is walked: views bring their own users, and keys what refers to them.
  for (const used of users) {
    if (isCalled(used) && !collect((each) => uses(each, used) || keyed(each, used) || groupsBy(each, used), used))
      return 'unmovable'
  }
  const gone = leanedOnFirst(users)
  const back: CatalogObject[] = []
  const away = new Set<string>()
  for (const user of gone) {
    const key = objectKey(user)
    const leans = gone.some((other) => away.has(objectKey(other)) && (uses(user, other) || keyed(user, other)))
    walk.lost.add(key)
    if (leans || madeByItsOwn(fateOf(user, walk)) || walk.ahead.some((later) => direct(user, later, walk)))
      away.add(key)
    else {
      back.push(user)
      walk.lost.delete(key)
    }
  }
  const stays = difference.kind !== 'changed' || (object.class === 'column' && !isComputedAnew(difference))
  if (back.some((user) => losesItsKey(user, difference, walk))) return 'unmovable'
  const again = stays ? back : [object, ...back]
  const rights = objects.flatMap((role) => (role.class === 'role' ? rightsOn(role, again, walk.owner) : []))
  // What a missing object brings back went before.
  return { gone: difference.kind === 'missing' ? [] : gone.map(sideOf), back: back.map(sideOf), rights }

  function collect(isUser: (each: CatalogObject) => boolean, used: CatalogObject): boolean {
    const key = objectKey(used)
    for (const each of objects) {
      // What a partition has from its table goes and comes with that.
      if (each === used || each.parent === key || comesFromParent(each)) continue
      if (!isUser(each) || users.includes(each)) continue
      if (!movable(each, used)) return false
      users.push(each)
    }
    return true
  }

  function sideOf(user: CatalogObject): Side {
    const key = objectKey(user)
    const home = objects.find((each) => objectKey(each) === user.parent)
    const within = objects.filter((each) => each.parent === key)
    return { object: user, within, ...(home === undefined ? {} : { home }) }
  }
}

/** True where this user is in the way of the repair, or waits for it to come back. */
function direct(user: CatalogObject, difference: Difference, walk: Walk): boolean {
  // Asked of every object for every difference: no key is made where nothing is lost.
  const lost = walk.lost.size > 0 && walk.lost.has(objectKey(user))
  switch (difference.kind) {
    case 'renamed':
      return false
    case 'missing': {
      const { object } = difference.expected
      return lost && (keyed(user, object) || groupsBy(user, object) || (!isKey(object) && uses(user, object)))
    }
    case 'unexpected': {
      const { object } = difference.actual
      if (groupsBy(user, object)) return true
      if (isKey(object)) return keyed(user, object) && !hasOther(user, object, walk)
      return isBarred(difference, walk.replaced) && uses(user, object)
    }
    case 'changed': {
      const [is, should] = [difference.actual.object, difference.expected.object]
      if (!isBarred(difference, walk.replaced) && !walk.lost.has(objectKey(is))) return false
      if (groupsBy(user, is) || (lost && groupsBy(user, should))) return true
      if (isKey(is)) return keyed(user, is) || (lost && keyed(user, should))
      if (isComputedAnew(difference)) return goesWith(user, is)
      // Asked last: it takes the name of the object.
      const isRemade = (): boolean => madeByItsOwn(fateOf(user, walk))
      if (isMadeAnew(difference)) {
        const reach = walk.reach(difference)
        if (reach === undefined) return false
        return reach.isInTheWay(user) || (reach.columns.some((each) => isBuiltOn(user, each)) && isRemade())
      }
      if (is.class === 'column' && !isRetyped(difference)) {
        if (user.attributes.kind !== 'PRIMARY KEY') return false
        return (isBuiltOn(user, is) && isRemade()) || isKeyOfHeir(user, is, walk.below(is.parent ?? ''))
      }
      if (is.class === 'column' && isForeignKey(user) && !mayTie(user, is)) return false
      const key = foreignKeyOf(user)
      if (key === undefined) return uses(user, is) || (isBuiltOn(user, is) && isRemade())
      if (is.class !== 'column') return uses(user, is)
      if (has(user, 'inherited') || !ties(key, is)) return false
      // The server keeps one whose ends fit still.
      const isAhead = (each: Difference): boolean => each !== difference && isRetyped(each) && ties(key, objectOf(each))
      return lost || isRemade() || walk.ahead.some(isAhead)
    }
    default:
      return difference satisfies never
  }
}

/** True for a foreign key that has nothing to stand on when the key is as it should be. */
function losesItsKey(user: CatalogObject, difference: Difference, walk: Walk): boolean {
  if (difference.kind !== 'unexpected' && difference.kind !== 'changed') return false
  const { object } = difference.actual
  if (!keyed(user, object) || hasOther(user, object, walk)) return false
  return difference.kind === 'unexpected' || !keyed(user, difference.expected.object)
}

/** Of two keys it could stand on, it does on the one that the migrations make. */
function hasOther(user: CatalogObject, key: CatalogObject, { catalog, touched }: Walk): boolean {
  return catalog
    .objects()
    .some((each) => each !== key && each.parent === key.parent && keyed(user, each) && !touched.has(objectKey(each)))
}

function keyed(user: CatalogObject, used: CatalogObject): boolean {
  if (!isKey(used) || has(user, 'inherited') || !mayTie(user, used)) return false
  const key = foreignKeyOf(user)
  return key !== undefined && standsOn(key, used)
}

/** What is still to become of it, or of the table or schema that it goes with. */
function fateOf(user: CatalogObject, { touched }: Walk): Difference | undefined {
  const own = touched.get(objectKey(user))
  if (own !== undefined) return own
  const homes = [user.parent ?? '', `schema ${qualifiedName(user.path.slice(0, 1))}`]
  return homes.map((each) => touched.get(each)).find((each) => each?.kind === 'unexpected')
}

function leanedOnFirst(users: readonly CatalogObject[]): CatalogObject[] {
  const order = new Set<CatalogObject>()
  const seen = new Set<CatalogObject>()
  const visit = (each: CatalogObject): void => {
    if (seen.has(each)) return
    seen.add(each)
    for (const other of users) if (isCalled(other) && (uses(each, other) || keyed(each, other))) visit(other)
    order.add(each)
  }
  users.forEach(visit)
  return [...order]
}

function rightsOn(role: CatalogObject, objects: readonly CatalogObject[], owner: string | undefined): string[] {
  if (role.path[0] === owner) return []
  const kept = keepFacts(role, (fact) => {
    const key = keyOf(fact)
    return objects.some((each) => key === objectKey(each) || key.startsWith(`column ${each.name}.`))
  })
  return kept === undefined ? [] : grantStatements(kept)
}

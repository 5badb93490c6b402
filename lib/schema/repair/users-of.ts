// What the server will not let a change pass under: views of a column that gets another type, whatever calls a function that is made anew.
import { grantStatements } from '../access/access-sql.ts'
import { keepFacts, keyOf } from '../access/access-facts.ts'
import { objectKey, type Catalog, type CatalogObject } from '../catalog.ts'
import { has, list } from '../ddl/fact-text.ts'
import { objectOf, type Difference, type Side } from '../difference.ts'
import { namesIn } from './repair-order.ts'

/** What makes way for a change and comes back after it, each after what it leans on. */
export type Users = {
  gone: Side[]
  back: Side[]
  /** Rights on what comes back. */
  rights: string[]
}

/** In the database, and in what the migrations make. `unmovable`: something that cannot be made anew stands on it. */
export type UsersOfBoth = { actual?: Users | 'unmovable'; expected?: Users | 'unmovable' }

/**
 * The users of what changes, for each change that the server refuses while there are any. The differences are in the order of their
 * repairs: what an earlier one left is what a later one finds. What differs itself goes and does not come back: its own repair makes it.
 */
export function usersOfChanges(
  differences: readonly Difference[],
  catalogs: { expected: Catalog; actual: Catalog },
): Map<Difference, UsersOfBoth> {
  const found = new Map<Difference, UsersOfBoth>()
  if (!differences.some(({ kind }) => kind === 'changed')) return found
  const touched = new Map(differences.map((each) => [objectKey(objectOf(each)), each]))
  const lost = new Set<string>()
  const actual = new Map(catalogs.actual.objects.map((each) => [objectKey(each), each]))
  for (const difference of differences) {
    if (difference.kind !== 'changed') continue
    const { expected: should, actual: is, attributes } = difference
    const key = objectKey(is.object)
    const both: UsersOfBoth = {}
    if (barred(is.object, should.object, attributes) || lost.has(key)) {
      both.actual = usersIn(is.object, { ...catalogs.actual, objects: [...actual.values()] }, touched, lost)
    }
    if (barred(should.object, is.object, attributes)) {
      both.expected = usersIn(should.object, catalogs.expected, touched, new Set())
    }
    if (both.actual !== undefined || both.expected !== undefined) found.set(difference, both)
    lost.delete(key)
    touched.delete(key)
    actual.set(key, should.object)
  }
  return found
}

/** True where the server refuses the change while something uses the object. */
function barred(from: CatalogObject, to: CatalogObject, facts: readonly string[]): boolean {
  const { class: kind } = from
  if (kind === 'column') return facts.includes('type') || facts.includes('collation')
  if (kind === 'constraint') return KEYS.has(from.attributes.kind) && facts.includes('definition')
  if (kind === 'aggregate') return facts.some((fact) => fact !== 'comment')
  if (kind === 'function') return facts.includes('arguments') || facts.includes('result')
  if (!facts.includes('query') && !facts.includes('columns')) return false
  const after = list(to, 'columns')
  return (
    kind === 'materialized view' ||
    (kind === 'view' && list(from, 'columns').some((each, index) => each !== after[index]))
  )
}

function usersIn(
  object: CatalogObject,
  catalog: Catalog,
  touched: ReadonlyMap<string, Difference>,
  lost: Set<string>,
): Users | 'unmovable' {
  const users: CatalogObject[] = []
  if (!collect(object)) return 'unmovable'
  // The list grows while it is walked: views bring their own users, and keys what refers to them.
  for (const used of users) if (isCalled(used) && !collect(used)) return 'unmovable'
  const gone = leanedOnFirst(users)
  const back: CatalogObject[] = []
  const away = new Set<string>()
  for (const user of gone) {
    const leans = gone.some((other) => away.has(objectKey(other)) && uses(user, other))
    if (!leans && !madeByItsOwn(touched.get(objectKey(user)))) back.push(user)
    else {
      away.add(objectKey(user))
      lost.add(objectKey(user))
    }
  }
  const again = object.class === 'column' ? back : [object, ...back]
  const rights = catalog.objects.flatMap((role) => (role.class === 'role' ? rightsOn(role, again, catalog.owner) : []))
  return { gone: gone.map(sideOf), back: back.map(sideOf), rights }

  function collect(used: CatalogObject): boolean {
    for (const each of catalog.objects) {
      if (each === used || users.includes(each) || each.parent === objectKey(used)) continue
      if (!uses(each, used) && !(touched.get(objectKey(each))?.kind === 'changed' && isBuiltOn(each, used))) continue
      if (!movable(each, used)) return false
      users.push(each)
    }
    return true
  }

  function sideOf(user: CatalogObject): Side {
    const key = objectKey(user)
    const home = catalog.objects.find((each) => objectKey(each) === user.parent)
    const within = catalog.objects.filter((each) => each.parent === key)
    return { object: user, within, ...(home === undefined ? {} : { home }) }
  }
}

const CALLED = new Set(['view', 'materialized view', 'function', 'procedure', 'aggregate'])
const OF_COLUMN = new Set(['view', 'materialized view', 'policy', 'trigger', 'rule'])

const KEYS = new Set<unknown>(['PRIMARY KEY', 'UNIQUE'])

function isCalled(object: CatalogObject): boolean {
  return CALLED.has(object.class) || (object.class === 'constraint' && KEYS.has(object.attributes.kind))
}

/** Only these are made from their text. */
function movable(user: CatalogObject, used: CatalogObject): boolean {
  if (user.class === 'constraint') return used.class !== 'function' || user.attributes.kind === 'CHECK'
  if (user.class === 'function' || user.class === 'procedure') return true
  return OF_COLUMN.has(user.class) || user.class === 'index'
}

/** With the column the server makes indexes and checks anew, as they are: those that change may not fit it any more. */
function isBuiltOn(user: CatalogObject, used: CatalogObject): boolean {
  if (used.class !== 'column' || user.parent !== used.parent) return false
  return (user.class === 'index' || user.class === 'constraint') && mentions(user, used)
}

function uses(user: CatalogObject, used: CatalogObject): boolean {
  if (used.class === 'constraint') return user.attributes.kind === 'FOREIGN KEY' && mentionsTable(user, used)
  if (user.class === 'function' || user.class === 'procedure') {
    const { arguments: takes, result, body } = user.attributes
    // Any other body is a text that the server does not look into.
    const texts = [used.class !== 'column' && takes, used.class !== 'column' && result, has(user, 'standard') && body]
    const known = { ...user, attributes: { texts: texts.filter((each) => typeof each === 'string') } }
    return mentions(known, used) && (used.class !== 'column' || mentionsTable(known, used))
  }
  if (used.class !== 'column') return USERS.has(user.class) && mentions(user, used)
  if (user.class === 'column') return has(user, 'generated') && user.parent === used.parent && mentions(user, used)
  return OF_COLUMN.has(user.class) && mentions(user, used) && (user.parent === used.parent || mentionsTable(user, used))
}

const USERS = new Set([...OF_COLUMN, 'constraint', 'index', 'column', 'domain', 'aggregate', 'operator', 'cast'])

function mentions(user: CatalogObject, { path }: Pick<CatalogObject, 'path'>): boolean {
  const name = path.at(-1) ?? ''
  const likely = Object.values(user.attributes).some((fact) => String(fact).includes(name))
  return likely && namesIn(user).has(name)
}

function mentionsTable(user: CatalogObject, { path }: CatalogObject): boolean {
  return mentions(user, { path: path.slice(0, -1) })
}

/** True where the repair of what differs makes the object from nothing. */
function madeByItsOwn(difference: Difference | undefined): boolean {
  if (difference === undefined || difference.kind === 'renamed') return false
  return difference.kind !== 'changed' || difference.attributes.some((fact) => MAKING.has(fact))
}

const MAKING = new Set(['query', 'columns', 'definition', 'using', 'check', 'command', 'roles', 'permissive'])

function leanedOnFirst(users: readonly CatalogObject[]): CatalogObject[] {
  const order = new Set<CatalogObject>()
  const seen = new Set<CatalogObject>()
  const visit = (each: CatalogObject): void => {
    if (seen.has(each)) return
    seen.add(each)
    for (const other of users) if (isCalled(other) && uses(each, other)) visit(other)
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

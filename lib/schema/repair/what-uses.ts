// What stands on what, as far as the server minds: told by names in the texts.
import type { CatalogObject } from '../catalog.ts'
import { has, list, text } from '../ddl/fact-text.ts'
import { comesFromParent } from '../fold-inherited.ts'
import { foreignKeyOf, ties } from './foreign-key.ts'
import { namesIn } from './names-in.ts'
import { hasStandardBody } from './standard-body.ts'

const CALLED = new Set(['view', 'materialized view', 'function', 'procedure', 'aggregate'])
const OF_COLUMN = new Set(['view', 'materialized view', 'policy', 'trigger', 'rule'])
const USERS = new Set([...OF_COLUMN, 'constraint', 'index', 'column', 'domain', 'aggregate', 'operator', 'cast'])
const KEYS = new Set<unknown>(['PRIMARY KEY', 'UNIQUE'])

/** What foreign keys stand on: a unique index does, too. */
export function isKey({ class: kind, attributes }: CatalogObject): boolean {
  return (kind === 'constraint' && KEYS.has(attributes.kind)) || (kind === 'index' && attributes.unique === true)
}

/** What others stand on in their turn. */
export function isCalled(object: CatalogObject): boolean {
  return CALLED.has(object.class) || isKey(object)
}

/** Only these are made from their text. */
export function movable(user: CatalogObject, used: CatalogObject): boolean {
  if (user.class === 'constraint') return used.class !== 'function' || user.attributes.kind === 'CHECK'
  if (user.class === 'function' || user.class === 'procedure') return true
  return OF_COLUMN.has(user.class) || user.class === 'index' || user.class === 'statistics object'
}

/** With the column the server makes indexes and checks anew, as they are: those that change may not fit it any more. */
export function isBuiltOn(user: CatalogObject, used: CatalogObject): boolean {
  if (used.class !== 'column' || user.parent !== used.parent) return false
  return (user.class === 'index' || user.class === 'constraint') && mentions(user, used)
}

/** True for a primary key that one of these tables, which are below the column's, has by itself: NOT NULL goes from all of them at once. */
export function isKeyOfHeir(key: CatalogObject, column: CatalogObject, below: ReadonlySet<string>): boolean {
  return below.has(key.parent ?? '') && !has(key, 'inherited') && mentions(key, column)
}

/** True where the server refuses to change `used` because of `user`. Foreign keys are not told here: see foreign-key.ts. */
export function uses(user: CatalogObject, used: CatalogObject): boolean {
  if (isKey(used)) return false
  if (user.class === 'function' || user.class === 'procedure') {
    const { arguments: takes, result, body } = user.attributes
    // Any other body is a text that the server does not look into.
    const texts = [used.class !== 'column' && takes, used.class !== 'column' && result, hasStandardBody(user) && body]
    const known = { ...user, attributes: { texts: texts.filter((each) => typeof each === 'string') } }
    return mentions(known, used) && (used.class !== 'column' || mentionsTable(known, used))
  }
  if (used.class !== 'column') return USERS.has(user.class) && mentions(user, used)
  if (user.class === 'column') return has(user, 'generated') && user.parent === used.parent && mentions(user, used)
  if (user.class === 'publication') return list(user, 'tables').some((each) => isPublished(each, used))
  return OF_COLUMN.has(user.class) && mentions(user, used) && (user.parent === used.parent || mentionsTable(user, used))
}

/** True where it cannot be without the column: the server takes some of it away with that, and refuses for the rest. */
export function goesWith(user: CatalogObject, column: CatalogObject): boolean {
  const key = foreignKeyOf(user)
  if (key !== undefined) return !has(user, 'inherited') && ties(key, column)
  if (user.class === 'publication') return mentions(user, column) && mentionsTable(user, column)
  const isOfTable = user.class === 'statistics object' && user.parent === column.parent && mentions(user, column)
  return !comesFromParent(user) && (isOfTable || uses(user, column) || isBuiltOn(user, column))
}

/** True where a view may say of a row what its primary key settles (manual, SELECT, GROUP BY). */
export function groupsBy(user: CatalogObject, key: CatalogObject): boolean {
  if (key.attributes.kind !== 'PRIMARY KEY' || (user.class !== 'view' && user.class !== 'materialized view'))
    return false
  return /\bGROUP BY\b/.test(text(user, 'query') ?? '') && mentionsTable(user, key)
}

/** Kept as `name (columns) WHERE (…)`, either of which may not be there. */
function isPublished(published: string, column: CatalogObject): boolean {
  const { attributes, ...rest } = column
  const known: CatalogObject = { ...rest, path: [], attributes: { ...attributes, published } }
  return published.includes(' (') && mentions(known, column) && mentionsTable(known, column)
}

function mentions(user: CatalogObject, { path }: Pick<CatalogObject, 'path'>): boolean {
  const name = path.at(-1) ?? ''
  return mayMention(user, name) && namesIn(user).has(name)
}

/** Asked of every object of a catalog: no list is made. */
function mayMention({ attributes }: CatalogObject, name: string): boolean {
  const quoted = name.replaceAll('"', '""')
  for (const fact in attributes) if (String(attributes[fact]).includes(quoted)) return true
  return false
}

function mentionsTable(user: CatalogObject, { path }: CatalogObject): boolean {
  return mentions(user, { path: path.slice(0, -1) })
}

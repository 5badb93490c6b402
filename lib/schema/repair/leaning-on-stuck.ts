// What cannot be mended before something else is that takes a person.
import type { ObjectClass } from '../../object-class.ts'
import { qualifiedName, type CatalogObject } from '../catalog.ts'
import { list, text } from '../ddl/fact-text.ts'
import { sidesOf, type Difference } from '../difference.ts'
import { foreignKeyOf, standsOn, ties } from './foreign-key.ts'
import { namesIn } from './names-in.ts'
import { mentions } from './unused-anew.ts'
import { isCalled, isKey } from './what-uses.ts'

/** Those without a repair, and all that lean on them, on and on. */
export function leaningOnStuck(
  differences: readonly Difference[],
  isStuck: (difference: Difference) => boolean,
): Set<Difference> {
  const stuck = new Set(differences.filter(isStuck))
  // A set that grows is walked to its end.
  for (const one of stuck) for (const each of differences) if (!stuck.has(each) && leans(each, one)) stuck.add(each)
  return stuck
}

function leans(difference: Difference, stuck: Difference): boolean {
  const [expected, actual] = sidesOf(stuck)
  if (difference.kind === 'unexpected') {
    // It cannot go while that is as it is.
    return actual !== undefined && partsOf(stuck).some((part) => stands(part, difference.actual.object))
  }
  if (difference.kind === 'changed' && actual !== undefined && staysKeyOf(actual, difference)) return true
  if (difference.kind === 'renamed' || expected === undefined) return false
  const coming = [difference.expected.object, ...difference.expected.within]
  if (stuck.kind === 'missing') return coming.some((part) => stands(part, expected))
  return stuck.kind === 'changed' && coming.some((part) => needsChange(part, stuck))
}

/** A column of a primary key that stays must have a value. */
function staysKeyOf(
  key: CatalogObject,
  { actual: { object }, attributes }: Extract<Difference, { kind: 'changed' }>,
): boolean {
  return attributes.includes('notNull') && key.attributes.kind === 'PRIMARY KEY' && stands(key, object)
}

function partsOf(difference: Difference): CatalogObject[] {
  if (difference.kind === 'missing') return []
  return [difference.actual.object, ...difference.actual.within]
}

/** True where the one cannot be without the other. */
export function stands(user: CatalogObject, used: CatalogObject): boolean {
  if (user === used) return false
  if (isKey(used)) {
    const key = foreignKeyOf(user)
    return key !== undefined && standsOn(key, used)
  }
  const { class: kind, name, path } = used
  if (kind === 'column') {
    const inTable = user.parent === used.parent || mentions(user, qualifiedName(path.slice(0, -1)))
    return inTable && namesIn(user).has(path.at(-1) ?? '')
  }
  if (kind === 'schema') return user.parent === `schema ${name}` || text(user, 'schema') === path[0]
  if (kind === 'server' || kind === 'foreign data wrapper') {
    return [text(user, 'server'), text(user, 'wrapper')].includes(name)
  }
  if (kind === 'range type' && mentions(user, multirangeOf(used))) return true
  // Any other user means the class of that name.
  if (kind === 'operator family') return user.parent === `operator family ${name}`
  if (kind === 'operator') return mentions(user, `OPERATOR(${qualifiedName(path.slice(0, 1))}.${path[1]})`)
  return !UNNAMED.has(kind) && mentions(user, qualifiedName(path))
}

/** What nothing else calls by its name. */
export const UNNAMED: ReadonlySet<ObjectClass> = new Set<ObjectClass>([
  'constraint',
  'index',
  'trigger',
  'policy',
  'rule',
  'role',
])

/** True for what needs what is new of a type, or another type of a column. */
export function needsChange(
  user: CatalogObject,
  { expected, actual }: Extract<Difference, { kind: 'changed' }>,
): boolean {
  const [to, from] = [expected.object, actual.object]
  const key = foreignKeyOf(user)
  if (to.class === 'column') {
    if (text(to, 'type') === text(from, 'type')) return false
    return key === undefined ? stands(user, to) : ties(key, to)
  }
  if (isKey(to)) return key !== undefined && standsOn(key, to) && !standsOn(key, from)
  if (to.class === 'range type') return multirangeOf(to) !== multirangeOf(from) && mentions(user, multirangeOf(to))
  // It comes to the partitions with the table's.
  if (to.class === 'trigger') return user.class === 'trigger' && user.path.at(-1) === to.path.at(-1)
  if (isCalled(to)) return stands(user, to)
  if (to.class === 'table') return PARTITIONS.has(user.class) && isOtherwiseParted(to, from) && stands(user, to)
  if (to.class === 'domain') return text(to, 'type') !== text(from, 'type') && saysOfBase(user) && stands(user, to)
  if (to.class !== 'enum') return false
  const fresh = list(to, 'labels').filter((label) => !list(from, 'labels').includes(label))
  const words = Object.values(user.attributes).join('\n')
  return fresh.some((label) => words.includes(`'${label.replaceAll("'", "''")}'::${qualifiedName(to.path)}`))
}

/** What names the base of a domain beside it. */
function saysOfBase({ class: kind, attributes }: CatalogObject): boolean {
  return kind === 'domain' || (kind === 'column' && attributes.default !== undefined)
}

const PARTITIONS: ReadonlySet<ObjectClass> = new Set<ObjectClass>(['table', 'foreign table'])

function isOtherwiseParted(to: CatalogObject, from: CatalogObject): boolean {
  return text(to, 'partitionKey') !== text(from, 'partitionKey')
}

function multirangeOf(range: CatalogObject): string {
  return text(range, 'multirange') ?? ''
}

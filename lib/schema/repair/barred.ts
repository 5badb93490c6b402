// Which repairs the server refuses while something uses the object, and which make the object from nothing.
import type { ObjectClass } from '../../object-class.ts'
import { objectKey, type CatalogObject } from '../catalog.ts'
import { has, list } from '../ddl/fact-text.ts'
import { objectOf, type Difference } from '../difference.ts'
import { isMadeAnew } from './anew-reach.ts'
import { OWN_OF_INHERITED } from './column-repair.ts'
import { areAmbiguous } from './overloads.ts'
import { rowColumns } from './row-columns.ts'
import { hasStandardBody } from './standard-body.ts'
import { onlyFacts } from './step.ts'
import { isKey } from './what-uses.ts'

/** True where the server refuses the repair while something uses the object. */
export function isBarred(difference: Difference, replaced: ReadonlySet<string>): boolean {
  if (difference.kind === 'unexpected') {
    const { object } = difference.actual
    return isKey(object) || [objectKey(object), ...nameKey(object)].some((name) => replaced.has(name))
  }
  if (difference.kind !== 'changed') return false
  const { actual, expected, attributes: facts } = difference
  const { class: kind } = actual.object
  if (kind === 'column') return isRetyped(difference) || losesNotNull(difference) || isComputedAnew(difference)
  if (isKey(actual.object)) return facts.some((fact) => MAKING_KEY.has(fact))
  if (isMadeAnew(difference)) return true
  if (kind === 'aggregate') return facts.some((fact) => fact !== 'comment')
  if (kind === 'function') return facts.includes('arguments') || facts.includes('result')
  if (!facts.includes('query') && !facts.includes('columns')) return false
  const after = list(expected.object, 'columns')
  return (
    kind === 'materialized view' ||
    (kind === 'view' && list(actual.object, 'columns').some((each, index) => each !== after[index]))
  )
}

/** A column with another type or collation. */
export function isRetyped(difference: Difference): boolean {
  if (difference.kind !== 'changed' || objectOf(difference).class !== 'column') return false
  return difference.attributes.includes('type') || difference.attributes.includes('collation')
}

/** A generated column that goes and comes again, which whatever is built on it does, too. */
export function isComputedAnew(difference: Difference): boolean {
  if (difference.kind !== 'changed' || objectOf(difference).class !== 'column') return false
  return has(difference.expected.object, 'generated') && !onlyFacts(difference.attributes, OWN_OF_INHERITED)
}

/** A primary key will not have it: one that changes must go first. */
function losesNotNull(difference: Difference): boolean {
  if (difference.kind !== 'changed' || !difference.attributes.includes('notNull')) return false
  return !has(difference.expected.object, 'notNull')
}

/** What goes with what comes by the same name, or is called like it. */
export function replacements(differences: readonly Difference[]): [going: Difference, coming: Difference][] {
  const going = differences.filter(({ kind }) => kind === 'unexpected')
  const byName = new Map(going.flatMap((each) => nameKey(objectOf(each)).map((name) => [name, each] as const)))
  return differences.flatMap((coming) => {
    if (coming.kind !== 'missing') return []
    const alike = going.filter((each) => areAmbiguous(objectOf(each), objectOf(coming)))
    const gone = [...nameKey(objectOf(coming)).flatMap((name) => byName.get(name) ?? []), ...alike]
    return gone.map((each): [Difference, Difference] => [each, coming])
  })
}

/** Names of what makes way for another, as {@link nameKey} has them, and keys of columns whose users must (row-columns.ts). */
export function replacedNames(differences: readonly Difference[]): Set<string> {
  const names = replacements(differences).flatMap(([going]) => nameKey(objectOf(going)))
  return new Set([...names, ...rowColumns(differences)])
}

/** Relations and types share their names; functions share them with one another, where they take the same. Empty for what others do not call by name. */
function nameKey({ class: kind, path, signature = '' }: CatalogObject): string[] {
  const namespace = NAMESPACES.findIndex((kinds) => kinds.has(kind))
  return namespace < 0 ? [] : [JSON.stringify([namespace, ...path, signature])]
}

const NAMESPACES: readonly ReadonlySet<ObjectClass>[] = [
  new Set([
    'table',
    'view',
    'materialized view',
    'sequence',
    'foreign table',
    'enum',
    'domain',
    'composite type',
    'range type',
    'base type',
  ]),
  new Set(['function', 'procedure', 'aggregate']),
]

/** True where the repair of what differs makes the object from nothing. */
export function madeByItsOwn(difference: Difference | undefined): boolean {
  if (difference === undefined || difference.kind === 'renamed') return false
  const { class: kind } = objectOf(difference)
  if (difference.kind !== 'changed') return true
  if (difference.attributes.includes('body') && hasStandardBody(difference.expected.object)) return true
  if (kind === 'function' && difference.attributes.some((fact) => MAKING_FUNCTION.has(fact))) return true
  return difference.attributes.some((fact) => MAKING.has(fact) || (kind === 'index' && MAKING_INDEX.has(fact)))
}

const MAKING = new Set(['query', 'columns', 'definition', 'using', 'check', 'command', 'roles', 'permissive'])
const MAKING_FUNCTION = new Set(['arguments', 'result'])
const MAKING_KEY = new Set(['definition', 'deferrable', 'table', 'columns', 'unique', 'predicate'])
const MAKING_INDEX = new Set(['table', 'unique', 'predicate', 'include', 'indexMethod', 'nullsNotDistinct'])

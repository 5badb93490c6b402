// What a column of a table that inherits, or of a partition, has in its own way: the server changes it with the parent's.
import { objectKey, qualifiedName, type Catalog, type CatalogObject } from '../catalog.ts'
import { commentStatement } from '../ddl/create-statements.ts'
import { has, text } from '../ddl/fact-text.ts'
import { sqlName, sqlOwnName } from '../ddl/sql-name.ts'
import { objectOf, type Difference } from '../difference.ts'
import { isRetyped } from './barred.ts'
import { tablesBelow } from './tables-below.ts'

/** Statements before and after those of a repair. */
export type Around = { before: string[]; after: string[] }

/**
 * Tells, of a column that comes or changes, what its heirs need: a default of their own that does not fit another type goes first, and what
 * they have otherwise than their parent comes back. For heirs that are there, and stay.
 */
export function heirColumns(
  differences: readonly Difference[],
  { expected, actual }: { expected: Catalog; actual: Catalog },
): (difference: Difference) => Around | undefined {
  if (!differences.some(touchesHeirs)) return () => undefined
  const notYet = new Set(differences.flatMap(notThere))
  const below = tablesBelow(expected.objects)
  const columns = new Map(ofColumns(expected.objects).map((each) => [objectKey(each), each]))
  const before = new Map(ofColumns(actual.objects).map((each) => [objectKey(each), each]))
  return (difference) => {
    if (!touchesHeirs(difference)) return undefined
    const { object: column } = difference.expected
    const retyped = isRetyped(difference)
    // With another type go the default and how it is stored.
    const facts = new Set(difference.kind === 'missing' || retyped ? OWN : difference.attributes)
    const own = [...below(column.parent ?? '')]
      .filter((table) => !notYet.has(table))
      .flatMap((table) => columns.get(`column ${table.slice('table '.length)}.${lastOf(column)}`) ?? [])
      .filter((each) => has(each, 'inherited') && !has(each, 'generated'))
    const unfit = retyped ? own.filter((each) => has(before.get(objectKey(each)) ?? each, 'default')) : []
    return {
      before: unfit.map((each) => `${alterOnly(each)} DROP DEFAULT`),
      after: own.flatMap((each) => [
        ...ownFacts(each, column, facts),
        // From 18 on what it has besides its parent's stays.
        ...(facts.has('notNull') && losesNotNull(before.get(objectKey(each)), each)
          ? [`${alter(each)} DROP NOT NULL`]
          : []),
        ...(difference.kind === 'missing' && has(each, 'comment') ? [commentStatement(each)] : []),
      ]),
    }
  }
}

const OWN = ['default', 'notNull', 'storage', 'compression', 'statistics']

type Touching = Extract<Difference, { kind: 'missing' | 'changed' }>

function touchesHeirs(difference: Difference): difference is Touching {
  if (difference.kind !== 'missing' && difference.kind !== 'changed') return false
  if (objectOf(difference).class !== 'column') return false
  return (
    difference.kind === 'missing' || isRetyped(difference) || OWN.some((fact) => difference.attributes.includes(fact))
  )
}

/** Tables that come, or come to another parent. */
function notThere(difference: Difference): string[] {
  if (difference.kind === 'missing') {
    return [difference.expected.object, ...difference.expected.within].map((each) => objectKey(each))
  }
  return difference.kind === 'changed' && difference.attributes.includes('inherits')
    ? [objectKey(difference.expected.object)]
    : []
}

function ofColumns(objects: readonly CatalogObject[]): CatalogObject[] {
  return objects.filter((each) => each.class === 'column')
}

function ownFacts(heir: CatalogObject, column: CatalogObject, facts: ReadonlySet<string>): string[] {
  const isOwn = (fact: string): boolean =>
    facts.has(fact) && String(heir.attributes[fact]) !== String(column.attributes[fact])
  const value = text(heir, 'default')
  return [
    ...(isOwn('default')
      ? [`${alterOnly(heir)} ${value === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${value}`}`]
      : []),
    ...(isOwn('notNull') && has(heir, 'notNull') ? [`${alter(heir)} SET NOT NULL`] : []),
    ...['storage', 'compression', 'statistics'].flatMap((fact) =>
      // Compression is the one that does not come down.
      has(heir, fact) && (fact === 'compression' ? facts.has(fact) : isOwn(fact))
        ? [`${alterOnly(heir)} SET ${fact.toUpperCase()} ${text(heir, fact)}`]
        : [],
    ),
  ]
}

function losesNotNull(from: CatalogObject | undefined, to: CatalogObject): boolean {
  return from !== undefined && has(from, 'notNull') && !has(to, 'notNull')
}

function alter(column: CatalogObject, only = ''): string {
  return `ALTER TABLE ${only}${sqlName(column.path.slice(0, -1))} ALTER COLUMN ${sqlOwnName(column)}`
}

function alterOnly(column: CatalogObject): string {
  return alter(column, 'ONLY ')
}

function lastOf(column: CatalogObject): string {
  return qualifiedName(column.path.slice(-1))
}

// Columns that functions return with the rest of the row.
import { objectKey, qualifiedName, type CatalogObject } from '../catalog.ts'
import { text } from '../ddl/fact-text.ts'
import type { Difference } from '../difference.ts'
import { hasStandardBody } from './standard-body.ts'
import { mentions } from './unused-anew.ts'

/**
 * Keys of the columns that go while a function of standard SQL, which changes, returns rows of their table: neither body fits the
 * other's rows, so that it is not there while they go.
 */
export function rowColumns(differences: readonly Difference[]): Set<string> {
  const changing = differences.flatMap((each) => (each.kind === 'changed' ? [each.actual.object] : []))
  const returning = changing.filter((each) => CALLED.has(each.class) && hasStandardBody(each))
  if (returning.length === 0) return new Set()
  const going = differences.flatMap((each) => (each.kind === 'unexpected' ? [each.actual.object] : []))
  return new Set(
    going.filter((each) => each.class === 'column' && returning.some((user) => returnsRow(user, each))).map(objectKey),
  )
}

const CALLED: ReadonlySet<string> = new Set(['function', 'procedure'])

function returnsRow(called: CatalogObject, { path }: CatalogObject): boolean {
  const known = { ...called, signature: '', attributes: { result: text(called, 'result') ?? '' } }
  return mentions(known, qualifiedName(path.slice(0, -1)))
}

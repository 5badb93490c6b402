import { objectKey, type Catalog } from './catalog.ts'

/** With fewer, a database without any of them may well be one where somebody dropped them. */
const MANY = 3

/**
 * How many tables should be there, where not one of them is: that is another database, or one that was emptied, and no list of what
 * is missing helps. null: what differs can be told.
 */
export function emptiedOf(expected: Catalog, actual: Catalog): number | null {
  const tables = expected.objects.filter((object) => object.class === 'table')
  if (tables.length < MANY) return null
  const there = new Set(actual.objects.map(objectKey))
  // As many under other names: a renamed schema takes its tables along.
  const others = actual.objects.filter((object) => object.class === 'table').length
  return tables.some((table) => there.has(objectKey(table))) || others >= tables.length ? null : tables.length
}

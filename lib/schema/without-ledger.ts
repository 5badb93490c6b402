import type { LedgerName } from '../config/config.ts'
import { withoutAccessTo } from './access/access-facts.ts'
import { objectKey, qualifiedName, type CatalogObject } from './catalog.ts'

/**
 * Leaves out the ledgers, with everything that lives in them, and the schema of a ledger that holds nothing else: no
 * migration makes them, so no baseline has them.
 */
export function withoutLedgers(objects: readonly CatalogObject[], ledgers: readonly LedgerName[]): CatalogObject[] {
  const gone = new Set(ledgers.map(({ schema, table }) => `table ${qualifiedName([schema, table])}`))
  // Parents may come after their children: go on until nothing more falls.
  for (let before = -1; before !== gone.size;) {
    before = gone.size
    for (const object of objects) {
      if (object.parent !== undefined && gone.has(object.parent)) gone.add(objectKey(object))
    }
  }
  const isGone = (object: CatalogObject): boolean =>
    (object.parent !== undefined && gone.has(object.parent)) ||
    (object.class === 'table' && gone.has(objectKey(object)))
  const kept = objects.filter((object) => !isGone(object))
  // Every database starts with a schema public: there it says nothing.
  const emptied = new Set(
    ledgers.filter(({ schema }) => schema !== 'public').map(({ schema }) => `schema ${qualifiedName([schema])}`),
  )
  for (const { parent } of kept) if (parent !== undefined) emptied.delete(parent)
  return withoutAccessTo(
    kept.filter((object) => object.class !== 'schema' || !emptied.has(objectKey(object))),
    new Set([...gone, ...emptied]),
  )
}

// A key of one partition whose index is a part of an index that its table has: neither goes without the other.
import { objectKey, qualifiedName, type CatalogObject } from '../catalog.ts'
import { has, list, text } from '../ddl/fact-text.ts'
import { parseName } from '../ddl/parse-name.ts'
import { sqlIndex } from '../ddl/sql-name.ts'
import { objectOf, sidesOf, type Difference } from '../difference.ts'

/** Differences of such keys, and of what they are attached to, that are not all of them to go, or to come: nothing detaches an index. */
export function ofAttachedKeys(differences: readonly Difference[], there: readonly CatalogObject[]): Difference[] {
  const keys = there.filter(isAttached)
  const byKey = new Map(differences.map((each) => [objectKey(objectOf(each)), each]))
  const going = keys.flatMap((key) => {
    const [own, index] = [byKey.get(objectKey(key)), byKey.get(`index ${text(key, 'attachedTo')}`)]
    const goes = own?.kind === 'unexpected' || byKey.get(key.parent ?? '')?.kind === 'unexpected'
    if (index?.kind === 'unexpected' && goes) return []
    // It would be the second of the partition.
    const above = differences.filter((each) => each.kind === 'missing' && isPrimaryKeyOf(parents(key, there), each))
    return [own, index, ...above]
  })
  const coming = differences.flatMap((each) => {
    const [expected] = each.kind === 'unexpected' ? [] : sidesOf(each)
    if (expected === undefined || !isAttached(expected)) return []
    const index = byKey.get(`index ${text(expected, 'attachedTo')}`)
    const isNew = each.kind === 'missing' && index?.kind === 'missing'
    return isNew || (each.kind === 'changed' && !each.attributes.includes('attachedTo')) ? [] : [each]
  })
  return [...going, ...coming].filter((each) => each !== undefined)
}

/** The statement that takes the index away with the keys that are attached to it; none where there are none. */
export function dropWithKeys(index: CatalogObject, there: readonly CatalogObject[]): string[] {
  if (index.class !== 'index') return []
  const isHeld = there.some((each) => isAttached(each) && text(each, 'attachedTo') === index.name)
  return isHeld ? [`DROP INDEX IF EXISTS ${sqlIndex(index)} CASCADE`] : []
}

function parents(key: CatalogObject, there: readonly CatalogObject[]): string[] {
  const table = there.find((each) => objectKey(each) === key.parent)
  return table === undefined ? [] : list(table, 'inherits').map((each) => `table ${qualifiedName(parseName(each))}`)
}

function isPrimaryKeyOf(tables: readonly string[], difference: Difference): boolean {
  const { parent = '', attributes } = objectOf(difference)
  return attributes.kind === 'PRIMARY KEY' && tables.includes(parent)
}

function isAttached(object: CatalogObject): boolean {
  return object.class === 'constraint' && has(object, 'attachedTo')
}

// Compares two catalogs: what should be, and what is.
import { levelAccess } from './access/level-access.ts'
import { compareObjects, objectKey, type Catalog, type CatalogObject, type Fact } from './catalog.ts'
import { foldInherited } from './fold-inherited.ts'
import { objectOf, type Difference, type Side } from './difference.ts'
import { levelMajors } from './version-skew.ts'

/**
 * The differences, one for each object, in the order of the classes and then by name. What is missing or unexpected together with
 * what it lives in is no difference of its own: it is found in `within`. What a partition has from its table is told with the table.
 */
export function diffCatalogs(expected: Catalog, actual: Catalog): Difference[] {
  if (expected === actual) return []
  const [should, is] = levelAccess(expected, actual).map((catalog) => new Index(catalog)) as [Index, Index]
  const levelled = levelMajors(expected, actual)
  const differences: Difference[] = []
  for (const [key, object] of should.byKey) {
    const other = is.byKey.get(key)
    if (other === undefined) {
      const withParent = object.parent !== undefined && should.byKey.has(object.parent) && !is.byKey.has(object.parent)
      if (!withParent) differences.push({ kind: 'missing', expected: should.side(object) })
      continue
    }
    const attributes = differingFacts(levelled(object), levelled(other))
    if (attributes.length > 0) {
      differences.push({ kind: 'changed', expected: should.side(object), actual: is.side(other), attributes })
    }
  }
  for (const [key, object] of is.byKey) {
    if (should.byKey.has(key)) continue
    const withParent = object.parent !== undefined && is.byKey.has(object.parent) && !should.byKey.has(object.parent)
    if (!withParent) differences.push({ kind: 'unexpected', actual: is.side(object) })
  }
  const sorted = differences.toSorted((a, b) => compareObjects(objectOf(a), objectOf(b)))
  return foldInherited(sorted, should.byKey, is.byKey)
}

class Index {
  readonly byKey = new Map<string, CatalogObject>()
  readonly #objects: readonly CatalogObject[]
  #found: Map<string, CatalogObject[]> | undefined

  constructor(catalog: Catalog) {
    this.#objects = catalog.objects
    for (const object of catalog.objects) this.byKey.set(objectKey(object), object)
  }

  /** By the key of what they live in. Where nothing differs, nobody asks. */
  get #children(): Map<string, CatalogObject[]> {
    if (this.#found !== undefined) return this.#found
    this.#found = Map.groupBy(
      this.#objects.filter(({ parent }) => parent !== undefined),
      ({ parent = '' }) => parent,
    )
    return this.#found
  }

  side(object: CatalogObject): Side {
    const within = [...(this.#children.get(objectKey(object)) ?? [])]
    // The list grows while it is walked: children bring their own.
    for (const child of within) within.push(...(this.#children.get(objectKey(child)) ?? []))
    const home = object.parent === undefined ? undefined : this.byKey.get(object.parent)
    return home === undefined ? { object, within } : { object, within, home }
  }
}

function differingFacts(expected: Record<string, Fact>, actual: Record<string, Fact>): string[] {
  const names: string[] = []
  // Nearly all objects are alike: for those, no set and no list is made.
  for (const name in expected) if (!sameFact(expected[name], actual[name])) names.push(name)
  for (const name in actual) if (!Object.hasOwn(expected, name)) names.push(name)
  return names.length > 1 ? names.toSorted() : names
}

function sameFact(a: Fact | undefined, b: Fact | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((each, index) => each === b[index])
  return a === b
}

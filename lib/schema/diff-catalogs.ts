// Compares two catalogs: what should be, and what is.
import { levelAccess } from './access/level-access.ts'
import { compareObjects, objectKey, type Catalog, type CatalogObject, type Fact } from './catalog.ts'
import { levelMajors } from './version-skew.ts'

/** An object with everything that lives in it. */
export type Side = { object: CatalogObject; within: CatalogObject[] }

export type Difference =
  | { kind: 'missing'; expected: Side }
  | { kind: 'unexpected'; actual: Side }
  | {
      kind: 'changed'
      expected: Side
      actual: Side
      /** Names of the facts that differ, in order. */
      attributes: string[]
    }
  /** What is missing is there under another name: see fold-renames.ts. */
  | { kind: 'renamed'; expected: Side; actual: Side }

/**
 * The differences, one for each object, in the order of the classes and then by name. What is missing or unexpected together with
 * what it lives in is no difference of its own: it is found in `within`.
 */
export function diffCatalogs(expected: Catalog, actual: Catalog): Difference[] {
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
  return differences.toSorted((a, b) => compareObjects(objectOf(a), objectOf(b)))
}

/** The object that a difference is about: as it is where there is one of that name, else as it should be. */
export function objectOf(difference: Difference): CatalogObject {
  return difference.kind === 'missing' || difference.kind === 'renamed'
    ? difference.expected.object
    : difference.actual.object
}

/** What the object of a difference should be, and what it is; undefined: not there. */
export function sidesOf(
  difference: Difference,
): [expected: CatalogObject | undefined, actual: CatalogObject | undefined] {
  return [
    difference.kind === 'unexpected' ? undefined : difference.expected.object,
    difference.kind === 'missing' ? undefined : difference.actual.object,
  ]
}

class Index {
  readonly byKey = new Map<string, CatalogObject>()
  readonly #children = new Map<string, CatalogObject[]>()

  constructor(catalog: Catalog) {
    for (const object of catalog.objects) {
      this.byKey.set(objectKey(object), object)
      if (object.parent === undefined) continue
      const siblings = this.#children.get(object.parent)
      if (siblings === undefined) this.#children.set(object.parent, [object])
      else siblings.push(object)
    }
  }

  side(object: CatalogObject): Side {
    const within = [...(this.#children.get(objectKey(object)) ?? [])]
    // The list grows while it is walked: children bring their own.
    for (const child of within) within.push(...(this.#children.get(objectKey(child)) ?? []))
    return { object, within }
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

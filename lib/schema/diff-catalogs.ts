// Compares two catalogs: what should be, and what is.
import { levelAccess } from './access/level-access.ts'
import { sameAudience } from './access/policy-audience.ts'
import { compareObjects, objectKey, type Catalog, type CatalogObject, type Fact } from './catalog.ts'
import { foldInherited } from './fold-inherited.ts'
import { foldPartitionKeys } from './fold-partition-keys.ts'
import { objectOf, type Difference, type Side } from './difference.ts'
import { OBJECT_CLASSES, type ObjectClass } from '../object-class.ts'
import { pairObjects } from './pair-objects.ts'
import { levelMajors } from './version-skew.ts'

/**
 * The differences, one for each object, in the order of the classes and then by name. What is missing or unexpected together with
 * what it lives in is no difference of its own: it is found in `within`. What a partition has from its table is told with the table.
 */
export function diffCatalogs(expected: Catalog, actual: Catalog): Difference[] {
  if (expected === actual) return []
  const [a, b] = levelAccess(expected, actual)
  const [should, is] = [new Index(a), new Index(b)]
  const levelled = levelMajors(expected, actual)
  const owners = { expected: expected.owner, actual: actual.owner }
  const differences: Difference[] = []
  const { missing, unexpected } = pairObjects(a.objects, b.objects, (object, other) => {
    const attributes = differingFacts(levelled(object), levelled(other)).filter(
      (name) => name !== 'roles' || !sameAudience(object, other, owners),
    )
    if (attributes.length > 0) {
      differences.push({ kind: 'changed', expected: should.side(object), actual: is.side(other), attributes })
    }
  })
  for (const object of missing) {
    const withParent = should.home(object) !== undefined && is.home(object) === undefined
    if (!withParent) differences.push({ kind: 'missing', expected: should.side(object) })
  }
  for (const object of unexpected) {
    const withParent = is.home(object) !== undefined && should.home(object) === undefined
    if (!withParent) differences.push({ kind: 'unexpected', actual: is.side(object) })
  }
  const sorted = differences.toSorted((one, other) => compareObjects(objectOf(one), objectOf(other)))
  return foldInherited(foldPartitionKeys(sorted), should, is)
}

/** What is looked up in a catalog where something differs; nothing is made for who does not ask. */
class Index {
  readonly #objects: readonly CatalogObject[]
  readonly #byClass = new Map<ObjectClass, Map<string, CatalogObject>>()
  #found: Map<string, CatalogObject[]> | undefined

  constructor(catalog: Catalog) {
    this.#objects = catalog.objects
  }

  /** By its {@link objectKey}. */
  get(key: string): CatalogObject | undefined {
    // A class may begin with the name of another: `operator`, `operator class`.
    const kind = OBJECT_CLASSES.filter((each) => key.startsWith(`${each} `)).toSorted((a, b) => b.length - a.length)[0]
    return kind === undefined ? undefined : this.#ofClass(kind).get(key.slice(kind.length + 1))
  }

  /** What the object lives in here. */
  home({ parent }: CatalogObject): CatalogObject | undefined {
    return parent === undefined ? undefined : this.get(parent)
  }

  side(object: CatalogObject): Side {
    const within = [...(this.#children.get(objectKey(object)) ?? [])]
    // The list grows while it is walked: children bring their own.
    for (const child of within) within.push(...(this.#children.get(objectKey(child)) ?? []))
    const home = this.home(object)
    return home === undefined ? { object, within } : { object, within, home }
  }

  /** By the key of what they live in. */
  get #children(): Map<string, CatalogObject[]> {
    this.#found ??= Map.groupBy(
      this.#objects.filter(({ parent }) => parent !== undefined),
      ({ parent = '' }) => parent,
    )
    return this.#found
  }

  #ofClass(kind: ObjectClass): Map<string, CatalogObject> {
    const found =
      this.#byClass.get(kind) ??
      new Map(this.#objects.flatMap((each) => (each.class === kind ? [[each.name, each] as const] : [])))
    this.#byClass.set(kind, found)
    return found
  }
}

function differingFacts(expected: Record<string, Fact>, actual: Record<string, Fact>): string[] {
  const names: string[] = []
  // Nearly all objects are alike: for those, facts are counted and no name is looked up.
  let surplus = 0
  for (const name in expected) {
    surplus--
    if (!sameFact(expected[name], actual[name])) names.push(name)
  }
  for (const _ in actual) surplus++
  if (names.length === 0 && surplus === 0) return names
  for (const name in actual) if (!Object.hasOwn(expected, name)) names.push(name)
  return names.toSorted()
}

function sameFact(a: Fact | undefined, b: Fact | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((each, index) => each === b[index])
  return a === b
}

// A catalog as one repair after the other leaves it. Only what a repair touches gets a key: there are many more objects than differences.
import { objectKey, type CatalogObject } from '../catalog.ts'
import { sidesOf, type Difference } from '../difference.ts'

/** What comes is told last, as by a Map; what changes stays in its place. */
export class WalkedCatalog {
  readonly #places = new Map<string, number>()
  readonly #objects: (CatalogObject | undefined)[]
  readonly #untouched: ReadonlyMap<string, CatalogObject>

  /** `wanted`: what should be, which is looked at where something is renamed: whatever mentions the name says the new one then. */
  constructor(
    objects: readonly CatalogObject[],
    differences: readonly Difference[],
    wanted: readonly CatalogObject[] = [],
  ) {
    this.#objects = [...objects]
    this.#untouched = untouchedOf(wanted, differences)
    const touched = Map.groupBy(differences.flatMap(allOf), (each) => each.class)
    const names = new Map([...touched].map(([kind, those]) => [kind, new Set(those.map(({ name }) => name))]))
    for (const [place, each] of objects.entries()) {
      if (names.get(each.class)?.has(each.name) === true) this.#places.set(objectKey(each), place)
    }
  }

  objects(): CatalogObject[] {
    return this.#objects.filter((each) => each !== undefined)
  }

  /** Goes on to where the difference is mended: to what should be. `late`: what comes with another's repair, and what this one brings of others. */
  walk(
    difference: Difference,
    late: { away: ReadonlySet<CatalogObject>; brought: readonly CatalogObject[] } = { away: new Set(), brought: [] },
  ): void {
    switch (difference.kind) {
      case 'unexpected':
        for (const each of [difference.actual.object, ...difference.actual.within]) this.#delete(each)
        break
      case 'missing':
        for (const each of [difference.expected.object, ...difference.expected.within]) {
          if (!late.away.has(each)) this.#set(each)
        }
        break
      case 'changed':
        this.#set(difference.expected.object)
        break
      case 'renamed':
        for (const each of [difference.actual.object, ...difference.actual.within]) this.#delete(each)
        for (const each of [difference.expected.object, ...difference.expected.within]) this.#set(each)
        this.#follow()
        break
      default:
        difference satisfies never
    }
    for (const each of late.brought) this.#set(each)
  }

  #follow(): void {
    for (const [place, each] of this.#objects.entries()) {
      if (each !== undefined) this.#objects[place] = this.#untouched.get(objectKey(each)) ?? each
    }
  }

  #delete(object: CatalogObject): void {
    const key = objectKey(object)
    const place = this.#places.get(key)
    if (place !== undefined) this.#objects[place] = undefined
    this.#places.delete(key)
  }

  #set(object: CatalogObject): void {
    const key = objectKey(object)
    const place = this.#places.get(key) ?? this.#objects.length
    this.#objects[place] = object
    this.#places.set(key, place)
  }
}

/** By key; empty where nothing is renamed: keys of a whole catalog take their time. */
function untouchedOf(wanted: readonly CatalogObject[], differences: readonly Difference[]): Map<string, CatalogObject> {
  if (!differences.some(({ kind }) => kind === 'renamed')) return new Map()
  const touched = new Set(differences.flatMap((each) => (each.kind === 'renamed' ? [] : allOf(each).map(objectKey))))
  return new Map(wanted.map((each) => [objectKey(each), each] as const).filter(([key]) => !touched.has(key)))
}

function allOf(difference: Difference): CatalogObject[] {
  const within = [
    ...(difference.kind === 'unexpected' ? [] : difference.expected.within),
    ...(difference.kind === 'missing' ? [] : difference.actual.within),
  ]
  return [...sidesOf(difference).filter((each) => each !== undefined), ...within]
}

// A catalog as one repair after the other leaves it. Only what a repair touches gets a key: there are many more objects than differences.
import { objectKey, type CatalogObject } from '../catalog.ts'
import { sidesOf, type Difference } from '../difference.ts'

/** What comes is told last, as by a Map; what changes stays in its place. */
export class WalkedCatalog {
  readonly #places = new Map<string, number>()
  readonly #objects: (CatalogObject | undefined)[]

  constructor(objects: readonly CatalogObject[], differences: readonly Difference[]) {
    this.#objects = [...objects]
    const touched = Map.groupBy(differences.flatMap(allOf), (each) => each.class)
    const names = new Map([...touched].map(([kind, those]) => [kind, new Set(those.map(({ name }) => name))]))
    for (const [place, each] of objects.entries()) {
      if (names.get(each.class)?.has(each.name) === true) this.#places.set(objectKey(each), place)
    }
  }

  objects(): CatalogObject[] {
    return this.#objects.filter((each) => each !== undefined)
  }

  /** Goes on to where the difference is mended: to what should be. */
  walk(difference: Difference): void {
    switch (difference.kind) {
      case 'unexpected':
        for (const each of [difference.actual.object, ...difference.actual.within]) this.#delete(each)
        break
      case 'missing':
        for (const each of [difference.expected.object, ...difference.expected.within]) this.#set(each)
        break
      case 'changed':
        this.#set(difference.expected.object)
        break
      case 'renamed':
        break
      default:
        difference satisfies never
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

function allOf(difference: Difference): CatalogObject[] {
  const within = [
    ...(difference.kind === 'unexpected' ? [] : difference.expected.within),
    ...(difference.kind === 'missing' ? [] : difference.actual.within),
  ]
  return [...sidesOf(difference).filter((each) => each !== undefined), ...within]
}

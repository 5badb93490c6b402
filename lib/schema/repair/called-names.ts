// What the texts of an object call: nothing is searched where they are read, so that the server writes the schema before each name.
import type { CatalogObject } from '../catalog.ts'
import { qualifiedNames } from '../ddl/leaned-on-first.ts'
import { namesIn, ownName } from './names-in.ts'
import { isTextOnly } from './row-circles.ts'

/** Who is called by these objects. A field, an alias or a column that has the same name as something else is not. */
export class CalledNames {
  readonly #places: ReadonlySet<string>
  readonly #names: ReadonlySet<string>
  readonly #words: ReadonlySet<string>

  constructor(objects: readonly CatalogObject[]) {
    const told = objects.map((each) => (isTextOnly(each) ? without(each, 'body') : each))
    const places = told.flatMap((each) =>
      Object.values(each.attributes).flatMap((fact) => qualifiedNames(String(fact))),
    )
    this.#places = new Set(places.map((each) => JSON.stringify(each)))
    this.#names = new Set(places.map(([, name]) => name))
    this.#words = new Set(objects.flatMap((each) => [...namesIn(looselyTold(each))]))
  }

  /** True for a name alone that is called in some schema. */
  hasName(name: string): boolean {
    return this.#words.has(name) || this.#names.has(name)
  }

  has(object: CatalogObject): boolean {
    return object.class === 'operator' || this.#words.has(ownName(object)) || this.hasPlace(object.path)
  }

  /** True for a path that is called as such. */
  hasPlace(path: readonly string[]): boolean {
    return this.#places.has(JSON.stringify(path))
  }
}

/** The texts in which a name stands alone: bodies as their authors wrote them, and the column that a sequence belongs to. */
function looselyTold(object: CatalogObject): CatalogObject {
  const { body, ownedBy } = object.attributes
  const attributes = {
    ...(isTextOnly(object) && body !== undefined ? { body } : {}),
    ...(ownedBy === undefined ? {} : { ownedBy }),
  }
  return { ...object, attributes }
}

function without(object: CatalogObject, fact: string): CatalogObject {
  const { [fact]: _, ...attributes } = object.attributes
  return { ...object, attributes }
}

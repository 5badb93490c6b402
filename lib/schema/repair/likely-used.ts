// Of many objects, the few that one may stand on: asking each about each takes a thousand times as long for a thousand tables.
import { qualifiedName, type CatalogObject } from '../catalog.ts'
import { UNNAMED } from './leaning-on-stuck.ts'
import { namesIn, ownName } from './names-in.ts'
import { isKey } from './what-uses.ts'

/** Some of these objects for a user: all that it stands on (leaning-on-stuck.ts), and a few others. */
export class LikelyUsed {
  /** By their own names. */
  readonly #named: Map<string, CatalogObject[]>
  /** Columns by the key of their table, and by their own names. */
  readonly #columns = new Map<string, Map<string, CatalogObject>>()
  /** The keys of tables by a word that whatever mentions the table has in one of its facts. */
  readonly #tables = new Map<string, string[]>()
  readonly #known = new Map<CatalogObject, CatalogObject[]>()

  constructor(objects: readonly CatalogObject[]) {
    const [columns = [], others = []] = [true, false].map((isColumn) =>
      objects.filter((each) => (each.class === 'column') === isColumn),
    )
    this.#named = Map.groupBy(
      others.filter((each) => isKey(each) || !UNNAMED.has(each.class)),
      ownName,
    )
    for (const each of columns) {
      const parent = each.parent ?? ''
      const known = this.#columns.get(parent) ?? this.#tellTable(parent, each.path.slice(0, -1))
      known.set(ownName(each), each)
    }
  }

  of(user: CatalogObject): CatalogObject[] {
    const found = this.#known.get(user) ?? this.#find(user)
    this.#known.set(user, found)
    return found
  }

  #find(user: CatalogObject): CatalogObject[] {
    const names = [...namesIn(unnamed(user))]
    const tables = new Set([user.parent ?? '', ...[...wordsOf(user)].flatMap((word) => this.#tables.get(word) ?? [])])
    return [
      ...names.flatMap((name) => this.#named.get(name) ?? []),
      ...[...tables].flatMap((table) => {
        const columns = this.#columns.get(table)
        return columns === undefined ? [] : names.flatMap((name) => columns.get(name) ?? [])
      }),
    ]
  }

  #tellTable(key: string, path: readonly string[]): Map<string, CatalogObject> {
    const word = qualifiedName(path).match(WORDS)?.at(-1) ?? NO_WORD
    const tables = this.#tables.get(word) ?? []
    this.#tables.set(word, tables)
    tables.push(key)
    const columns = new Map<string, CatalogObject>()
    this.#columns.set(key, columns)
    return columns
  }
}

const WORDS = /[\w$]+/g
const NO_WORD = ''

/** As the boundaries of a name that is mentioned are told (unused-anew.ts): a name has no word that a text with it has not. */
function wordsOf({ attributes, signature = '' }: CatalogObject): Set<string> {
  const texts = [signature, ...Object.values(attributes).map(String)]
  return new Set([NO_WORD, ...texts.flatMap((told) => told.match(WORDS) ?? [])])
}

/** A column may be called as its type is. */
function unnamed(object: CatalogObject): CatalogObject {
  return object.class === 'column' ? { ...object, path: [] } : object
}

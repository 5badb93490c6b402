// When two objects are one under another name.
import type { CatalogObject } from './catalog.ts'
import type { Side } from './difference.ts'
import { isMoved } from './repair/rename-repair.ts'
import { sameButForNames, withNames, type Names } from './same-but-for-names.ts'

/** True where nothing but the name differs, of two of the same shape: own facts and all that lives in it. */
export function isRenamed(expected: Side, actual: Side): boolean {
  const [from, to] = [expected.object, actual.object]
  if (from.parent !== to.parent && !isMoved(from, to)) return false
  const names = new Map([newName(from, to)])
  if (!sameFacts(from, to, names)) return false
  const depth = isMoved(from, to) ? 0 : from.path.length - 1
  const [should, is] = [inner(expected, depth, names), inner(actual, depth, names)]
  // The same columns in the same order: of two tables with equal columns in another order one is a copy of the other.
  if (columnsOf(should).join('\n') !== columnsOf(is).join('\n')) return false
  return [...should].every(([key, object]) => {
    const other = is.get(key)
    return other !== undefined && sameFacts(object, other, names)
  })
}

/** The identifier that is another now, and what it is. */
export function newName(from: CatalogObject, to: CatalogObject): [string, string] {
  return isMoved(from, to) ? [from.path[0] ?? '', to.path[0] ?? ''] : [ownName(from), ownName(to)]
}

function inner({ within }: Side, depth: number, names: Names): Map<string, CatalogObject> {
  const byPlace = within.toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0))
  return new Map(byPlace.map((each) => [innerKey(each, depth, names), each]))
}

/** What names an object within another one whose name stands at `depth`. A serial's sequence does not carry its table's name. */
function innerKey({ class: kind, path, signature = '' }: CatalogObject, depth: number, names: Names): string {
  const place = kind === 'sequence' && depth > 0 ? path : path.toSpliced(depth, 1)
  return JSON.stringify([kind, place, withNames(signature, names)])
}

function columnsOf(inside: ReadonlyMap<string, CatalogObject>): string[] {
  return [...inside].filter(([, object]) => object.class === 'column').map(([key]) => key)
}

/** True where every fact is the same but for new names. */
export function sameFacts(a: CatalogObject, b: CatalogObject, names: Names): boolean {
  const facts = new Set([...Object.keys(a.attributes), ...Object.keys(b.attributes)])
  return [...facts].every((fact) => sameButForNames(a.attributes[fact], b.attributes[fact], names))
}

/** The last identifier of its path. */
export function ownName(object: CatalogObject): string {
  return object.path.at(-1) ?? ''
}

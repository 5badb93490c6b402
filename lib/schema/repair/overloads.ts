// Functions by one name that a call may fit as well as each other.
import type { CatalogObject } from '../catalog.ts'
import { text } from '../ddl/fact-text.ts'

/**
 * True where both take the same in a call that leaves out what has a default: while both are there the server takes neither (manual,
 * function type resolution).
 */
export function areAmbiguous(one: CatalogObject, other: CatalogObject): boolean {
  if (!CALLED.has(one.class) || !CALLED.has(other.class) || one.signature === other.signature) return false
  if (one.path.join('.') !== other.path.join('.')) return false
  const [first, second] = [typesOf(one), typesOf(other)]
  const most = Math.min(first.length, second.length)
  const least = Math.max(first.length - defaultsOf(one), second.length - defaultsOf(other))
  return least <= most && first.slice(0, least).join() === second.slice(0, least).join()
}

const CALLED: ReadonlySet<string> = new Set(['function', 'procedure', 'aggregate'])

function typesOf({ signature = '' }: CatalogObject): string[] {
  return (signature.match(/(?:"(?:[^"]|"")*"|[^,"])+/g) ?? []).map((each) => each.trim())
}

/** One more where a literal says the word: what is kept apart then need not have been. */
function defaultsOf(object: CatalogObject): number {
  return text(object, 'arguments')?.match(/ DEFAULT /g)?.length ?? 0
}

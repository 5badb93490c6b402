// A table that is missing is missing from its publications too: that is told, and mended, with the table.
import { objectKey, qualifiedName, type CatalogObject } from './catalog.ts'
import { list } from './ddl/fact-text.ts'
import { parseName } from './ddl/parse-name.ts'
import type { Difference } from './difference.ts'

/** A table or schema of a publication: its key in the catalog, and as the publication tells it. */
export type Member = { key: string; entry: string }

/** What a publication names one by one. */
export function membersOf(publication: CatalogObject): Member[] {
  return [
    ...list(publication, 'tables').map((each) => memberOf('table', each)),
    ...list(publication, 'schemas').map((each) => memberOf('schema', each)),
  ]
}

/** Columns and a filter may follow the name. */
function memberOf(kind: string, entry: string): Member {
  const [name] = /^(?:"(?:[^"]|"")*"|[^" ])+/.exec(entry) ?? [entry]
  return { key: `${kind} ${qualifiedName(parseName(name))}`, entry }
}

/** Leaves out publications that only lack what is missing itself. */
export function foldPublications(differences: readonly Difference[]): Difference[] {
  if (!differences.some(ofPublication)) return [...differences]
  const missing = new Set(
    differences.flatMap((each) =>
      each.kind === 'missing' ? [each.expected.object, ...each.expected.within].map((lost) => objectKey(lost)) : [],
    ),
  )
  return differences.filter((each) => {
    if (!ofPublication(each)) return true
    if (each.attributes.some((fact) => fact !== 'tables' && fact !== 'schemas')) return true
    const [should, is] = [membersOf(each.expected.object), membersOf(each.actual.object)]
    const [wanted, found] = [should, is].map((members) => new Set(members.map(({ entry }) => entry)))
    const come = is.some(({ entry }) => wanted?.has(entry) !== true)
    const gone = should.filter(({ entry }) => found?.has(entry) !== true)
    return come || gone.some(({ key }) => !missing.has(key))
  })
}

function ofPublication(difference: Difference): difference is Extract<Difference, { kind: 'changed' }> {
  return difference.kind === 'changed' && difference.actual.object.class === 'publication'
}

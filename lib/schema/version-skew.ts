// What two majors write differently for the same schema: a short, closed list. Between equal majors nothing is changed.
import { majorOf, type Catalog, type CatalogObject, type Fact } from './catalog.ts'

/** The facts of an object as both majors would tell them. */
export type Levelled = (object: CatalogObject) => Record<string, Fact>

/**
 * Makes the function that levels out what the majors of the two catalogs write differently. NOT NULL, which 18 also keeps in
 * pg_constraint, is read from the column on every major and so needs nothing here but for its name, which no older one keeps.
 */
export function levelMajors(a: Catalog, b: Catalog): Levelled {
  const [older, newer] = [majorOf(a.serverVersion), majorOf(b.serverVersion)].toSorted((x, y) => x - y)
  if (older === undefined || newer === undefined) return (object) => object.attributes
  // Every server packages its own version of an extension: only beside the same packages it is a difference.
  const versions = older === newer && ![a, b].some(lacksVersions)
  const qualifiers = older >= 16 || newer < 16
  const names = older >= 18 || newer < 18
  if (versions && qualifiers && names) return (object) => object.attributes
  return ({ class: kind, attributes }) => {
    if (kind === 'extension' && !versions) return withoutVersion(attributes)
    if (kind === 'column' && !names) return withoutNotNullName(attributes)
    return typeof attributes.query === 'string' && !qualifiers
      ? { ...attributes, query: withoutQualifiers(attributes.query) }
      : attributes
  }
}

/** The catalog of a server whose packages are not those of its major: of what they bring, the version is not compared. */
export function withoutExtensionVersions(catalog: Catalog): Catalog {
  const objects = catalog.objects.map((object) =>
    object.class === 'extension' ? { ...object, attributes: withoutVersion(object.attributes) } : object,
  )
  return { ...catalog, objects }
}

function lacksVersions({ objects }: Catalog): boolean {
  return objects.some((object) => object.class === 'extension' && object.attributes.version === undefined)
}

function withoutVersion(attributes: Record<string, Fact>): Record<string, Fact> {
  const { version: _, ...others } = attributes
  return others
}

function withoutNotNullName(attributes: Record<string, Fact>): Record<string, Fact> {
  if (attributes.notNullName === undefined) return attributes
  const { notNullName: _, ...others } = attributes
  return others
}

/** Until 15 a view over one table names the columns with the table, since 16 without (release notes of 16, E.1.3.4). */
function withoutQualifiers(query: string): string {
  return query
    .replaceAll(/(?<![\w"'])(?:"(?:[^"]|"")+"|[a-z_][\w$]*)\.(?="|[a-z_*])/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

// Environments call the same role by other names: a map of the configuration gives them the name that the migrations use.
import { qualifiedName, type Catalog, type CatalogObject, type Fact } from '../catalog.ts'
import { futureFact, parseAccessFact } from './access-facts.ts'

/** From the name of a role in a database to the name that the migrations use. */
export type RoleMap = Readonly<Record<string, string>>

/** The catalog with every role under its mapped name: who owns and may do what, whom policies are for, who made default privileges. */
export function renameRoles(catalog: Catalog, map: RoleMap): Catalog {
  if (Object.keys(map).length === 0) return catalog
  const rename = (name: string): string => (Object.hasOwn(map, name) ? (map[name] ?? name) : name)
  const roles = catalog.objects.filter(({ class: kind }) => kind === 'role').map((role) => renamed(role, rename))
  const others = catalog.objects.filter(({ class: kind }) => kind !== 'role')
  return {
    ...catalog,
    ...(catalog.owner === undefined ? {} : { owner: rename(catalog.owner) }),
    objects: [...others.map((object) => inPolicy(object, rename)), ...merged(roles)],
  }
}

type Rename = (name: string) => string

function renamed(role: CatalogObject, rename: Rename): CatalogObject {
  const name = rename(role.name)
  const facts = Object.entries(role.attributes).map(([fact, value]): [string, Fact] => {
    const about = parseAccessFact(fact)
    if (about.kind !== 'future' || about.maker === undefined) return [fact, value]
    return [futureFact(about.objects, about.schema ?? null, rename(about.maker)), value]
  })
  return { ...role, name, path: [name], attributes: Object.fromEntries(facts) }
}

/** Two roles of a database may be one for the migrations. */
function merged(roles: readonly CatalogObject[]): CatalogObject[] {
  const byName = Map.groupBy(roles, ({ name }) => name)
  return [...byName.values()].flatMap(([first, ...more]) => {
    if (first === undefined) return []
    const attributes = more.reduce((facts, role) => union(facts, role.attributes), first.attributes)
    return [{ ...first, attributes }]
  })
}

function union(a: Record<string, Fact>, b: Record<string, Fact>): Record<string, Fact> {
  const both = { ...a }
  for (const [fact, value] of Object.entries(b)) {
    const had = both[fact]
    both[fact] = Array.isArray(had) && Array.isArray(value) ? [...new Set([...had, ...value])].toSorted() : value
  }
  return both
}

/** Policies keep their roles as SQL writes them. */
function inPolicy(object: CatalogObject, rename: Rename): CatalogObject {
  const { roles } = object.attributes
  if (object.class !== 'policy' || !Array.isArray(roles)) return object
  const names = roles.map((role) => {
    const bare = role.startsWith('"') ? role.slice(1, -1).replaceAll('""', '"') : role
    return rename(bare) === bare ? role : qualifiedName([rename(bare)])
  })
  return { ...object, attributes: { ...object.attributes, roles: [...new Set(names)].toSorted() } }
}

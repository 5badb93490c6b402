// Whose things are whose, where no ledger tells who deploys.
import { objectKey, type Catalog, type CatalogObject } from '../catalog.ts'
import { parseAccessFact, ownsFact } from './access-facts.ts'

/** `databaseOwner`: null where a ledger tells who deploys. */
export type Home = { catalog: Catalog; databaseOwner: string | null }

/**
 * Both catalogs, told modulo the owner of the database where that has the same name in both, and either has made what is in one of them,
 * or has it made by the same other role in both: what is somebody else's is that on purpose then, and comes back as that. Anywhere else
 * they stay told modulo who owns most of what there is.
 */
export function levelHomes(a: Home, b: Home): [Catalog, Catalog] {
  const owner = a.databaseOwner
  const owners = [a.catalog.owner, b.catalog.owner]
  const isSame = owner !== null && owner === b.databaseOwner && (owners.includes(owner) || owners[0] === owners[1])
  return isSame ? [atHomeOf(owner, a.catalog), atHomeOf(owner, b.catalog)] : [a.catalog, b.catalog]
}

/** What the catalog left out, since it was told modulo its own owner. */
function atHomeOf(owner: string, catalog: Catalog): Catalog {
  const { owner: other } = catalog
  if (other === undefined || other === owner) return catalog
  const roles = catalog.objects.filter(({ class: kind }) => kind === 'role')
  const told = new Set(roles.flatMap(({ attributes }) => Object.keys(attributes).flatMap(owned)))
  const owns = catalog.objects
    .filter(isOwned)
    .map(objectKey)
    .filter((key) => !told.has(key))
  const role: CatalogObject = {
    class: 'role',
    name: other,
    path: [other],
    attributes: {
      ...roles.find(({ name }) => name === other)?.attributes,
      ...Object.fromEntries(owns.map((key) => [ownsFact(key), true])),
    },
  }
  const objects = catalog.objects.filter((each) => each.class !== 'role' || each.name !== other)
  return { ...catalog, owner, objects: [...objects, role] }
}

function owned(fact: string): string[] {
  const about = parseAccessFact(fact)
  return about.kind === 'owns' ? [about.key] : []
}

/** As sql/access.ts tells owners: what goes with something else has none of its own. */
function isOwned({ class: kind, name, attributes }: CatalogObject): boolean {
  if (kind === 'schema') return name !== 'public'
  if (kind === 'sequence') return attributes.ownedBy === undefined
  return OWNED.has(kind)
}

const OWNED: ReadonlySet<string> = new Set([
  'table',
  'view',
  'materialized view',
  'foreign table',
  'function',
  'procedure',
  'aggregate',
  'enum',
  'domain',
  'composite type',
  'range type',
  'base type',
])

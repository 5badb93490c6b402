import { qualifiedName, type CatalogObject, type Fact } from '../catalog.ts'

/**
 * True for a policy that is for the same roles on both sides, where the role that deploys goes by another name: `TO CURRENT_USER` is
 * kept as the name of whoever ran it.
 */
export function sameAudience(
  expected: CatalogObject,
  actual: CatalogObject,
  owners: { expected: string | undefined; actual: string | undefined },
): boolean {
  if (expected.class !== 'policy' || owners.expected === undefined || owners.actual === undefined) return false
  const [theirs, ours] = [qualifiedName([owners.actual]), qualifiedName([owners.expected])]
  const wanted = namesOf(expected.attributes['roles'])
  const found = namesOf(actual.attributes['roles']).map((role) => (role === theirs ? ours : role))
  return found.toSorted().join() === wanted.toSorted().join()
}

function namesOf(roles: Fact | undefined): string[] {
  return Array.isArray(roles) ? [...roles] : []
}

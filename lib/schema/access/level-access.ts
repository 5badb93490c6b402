// Who may do what is compared modulo what two environments always differ in.
import { majorOf, type Catalog, type CatalogObject, type Fact } from '../catalog.ts'
import { grantableKeys, keepFacts, keyOf, withRoles } from './access-facts.ts'

/**
 * Both catalogs with the rights that can be compared. Left out: the rights of the two roles that own the two databases' objects, which
 * may do everything there anyway; rights on what only one of the two has, which come and go with it; and MAINTAIN where one is older
 * than 17, or where it is a part of ALL, which says less on an older server that was upgraded.
 */
export function levelAccess(a: Catalog, b: Catalog): [Catalog, Catalog] {
  const roles = [a, b].flatMap(({ objects }) => objects.filter(({ class: kind }) => kind === 'role'))
  if (roles.length === 0) return [a, b]
  const homes = new Set([a.owner, b.owner])
  const asked = new Set(roles.flatMap(({ attributes }) => Object.keys(attributes).map(keyOf)))
  const [inA, inB] = [grantableKeys(a, asked), grantableKeys(b, asked)]
  const maintain = Math.min(majorOf(a.serverVersion), majorOf(b.serverVersion)) >= 17
  const level = (role: CatalogObject): CatalogObject | undefined => {
    const [name = ''] = role.path
    if (homes.has(name)) return undefined
    const shared = keepFacts(role, (fact) => {
      const key = keyOf(fact)
      return inA.has(key) === inB.has(key)
    })
    if (shared === undefined) return undefined
    const attributes = Object.entries(shared.attributes).map(
      ([fact, value]) => [fact, levelPrivileges(value, maintain)] as const,
    )
    return keepFacts({ ...shared, attributes: Object.fromEntries(attributes) }, (_, value) => !isEmpty(value))
  }
  return [
    { ...a, objects: withRoles(a.objects, level) },
    { ...b, objects: withRoles(b.objects, level) },
  ]
}

const GRANT_OPTION = ' WITH GRANT OPTION'
const ALL_BEFORE_17 = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']

function levelPrivileges(fact: Fact, maintain: boolean): Fact {
  if (!Array.isArray(fact)) return fact
  const others = fact.filter((privilege) => !/^(?:no )?MAINTAIN\b/.test(privilege))
  if (!maintain) return others
  const grantable = ALL_BEFORE_17.every((privilege) => others.includes(privilege + GRANT_OPTION))
  const all = ALL_BEFORE_17.every(
    (privilege) => others.includes(privilege) || others.includes(privilege + GRANT_OPTION),
  )
  return all ? [...others, grantable ? `MAINTAIN${GRANT_OPTION}` : 'MAINTAIN'].toSorted() : fact
}

function isEmpty(fact: Fact): boolean {
  return Array.isArray(fact) && fact.length === 0
}

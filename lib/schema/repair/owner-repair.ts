// To whom something goes that a role should not own.
import pg from 'pg'
import { HAZARD } from '../../hazard.ts'
import { ownsFact } from '../access/access-facts.ts'
import { accessStatements } from '../access/access-sql.ts'
import type { Catalog } from '../catalog.ts'
import { objectOf, sidesOf, type Difference } from '../difference.ts'
import { step, type Purpose, type Step } from './step.ts'

/**
 * The steps for a role with things that another has in the wanted state: the role that is said to, or whoever the migrations run as. What
 * is goes to what should be; for a migration the difference and the catalogs are turned (turned-difference.ts). undefined: this is no such
 * role, or takes a person.
 */
export function ownerSteps(
  difference: Difference,
  { expected, actual }: { expected: Catalog; actual: Catalog },
  purpose: Purpose,
): Step[] | undefined {
  if (objectOf(difference).class !== 'role') return undefined
  const nothing = { ...objectOf(difference), attributes: {} }
  const [to = nothing, from = nothing] = sidesOf(difference)
  const roles = expected.objects.filter(({ class: kind }) => kind === 'role')
  const home = purpose === 'migration' ? 'CURRENT_USER' : actual.owner && pg.escapeIdentifier(actual.owner)
  const ownerOf = (key: string): string | undefined => {
    const other = roles.find(({ attributes }) => attributes[ownsFact(key)] === true)
    return other === undefined ? home : pg.escapeIdentifier(other.name)
  }
  return accessStatements(from, to, { ownerOf })?.map((sql) => step(sql, HAZARD.roles))
}

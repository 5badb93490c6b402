// The repairs of all differences together, both ways: each knows of what the others leave, and of what nobody can mend.
import type { Catalog } from '../catalog.ts'
import type { Difference } from '../difference.ts'
import { turnedDifference } from '../turned-difference.ts'
import { ofAttachedKeys } from './attached-keys.ts'
import { replacements } from './barred.ts'
import { companyOf } from './company.ts'
import { ofDefaultCircles } from './default-circles.ts'
import { detachedFirst } from './detach-first.ts'
import { leaningOnStuck } from './leaning-on-stuck.ts'
import { ownerSteps } from './owner-repair.ts'
import { repairSteps } from './repair-of.ts'
import { stuckHeirs } from './heirs.ts'
import { ofOtherOwn } from './inherited-columns.ts'
import { ofTakenNames } from './identity-names.ts'
import { tellingDomainLoss } from './domain-loss.ts'
import { inRepairOrder } from './repair-order.ts'
import { stagesOf } from './stages.ts'
import { unlessThat, type Purpose, type Step } from './step.ts'
import { usersOneWay } from './users-of.ts'
import { withheldRepairs } from './withheld.ts'

/** The steps of `repair.database` and of `repair.adopt`; absent where that takes a person. */
export type BothWays = { database?: Step[]; adopt?: Step[] }

/** The repairs of all differences, which are in the order of their repairs (repair-order.ts). */
export function allRepairs(
  differences: readonly Difference[],
  catalogs: { expected: Catalog; actual: Catalog },
): Map<Difference, BothWays> {
  const database = repairsOneWay(differences, catalogs, 'database', (each) => each)
  const back = new Map(differences.map((each) => [turnedDifference(each), each]))
  const turned = { expected: catalogs.actual, actual: catalogs.expected }
  const ordered = inRepairOrder([...back.keys()], turned.expected.objects)
  const adopt = repairsOneWay(ordered, turned, 'migration', (each) => back.get(each) ?? each)
  return new Map(
    differences.map((each) => {
      const [one, other] = [database.get(each), adopt.get(each)]
      return [
        each,
        { ...(one === undefined ? {} : { database: one }), ...(other === undefined ? {} : { adopt: other }) },
      ]
    }),
  )
}

/** From what is to what should be; `original`: the difference before it was turned. What leans on what has no repair has none either. */
function repairsOneWay(
  differences: readonly Difference[],
  catalogs: { expected: Catalog; actual: Catalog },
  purpose: Purpose,
  original: (difference: Difference) => Difference,
): Map<Difference, Step[]> {
  let withheld: ReadonlySet<Difference> = new Set([
    ...withheldRepairs(differences, catalogs.actual, purpose),
    ...stuckHeirs(differences, catalogs, purpose),
    ...ofTakenNames(differences),
    ...ofOtherOwn(differences, catalogs.actual),
    ...ofDefaultCircles(differences),
    ...ofAttachedKeys(differences, catalogs.actual.objects),
  ])
  const replaced = new Set(purpose === 'migration' ? replacements(differences).map(([going]) => going) : [])
  const stages = stagesOf(differences)
  for (;;) {
    const users = usersOneWay(differences, catalogs, withheld, stages)
    const company = companyOf(differences, catalogs, purpose, stages)
    const found = new Map<Difference, Step[]>()
    for (const each of differences) {
      const steps =
        repairSteps(original(each), purpose, users.get(each), company.get(each)) ?? ownerSteps(each, catalogs, purpose)
      const told = steps && tellingDomainLoss(each, steps, catalogs.expected.objects)
      if (told !== undefined) found.set(each, replaced.has(each) ? told.map(unlessOther) : told)
    }
    const stuck = leaningOnStuck(differences, (each) => !found.has(each))
    if (stuck.size === withheld.size) {
      return new Map([...detachedFirst(found)].map(([each, steps]) => [original(each), steps]))
    }
    withheld = stuck
  }
}

/** Where the other is there by its name already, nothing goes. */
function unlessOther({ sql, hazards }: Step): Step {
  return /^DROP (?:FOREIGN TABLE|MATERIALIZED VIEW|SEQUENCE|TABLE|VIEW) /.test(sql)
    ? { sql: unlessThat('wrong_object_type', sql), hazards }
    : { sql, hazards }
}

// Suggests the SQL that ends a difference, either way. Never run by Raingauge.
import type { Repair } from '../../finding.ts'
import { HAZARD } from '../../hazard.ts'
import type { ObjectClass } from '../../object-class.ts'
import { objectOf, type Difference, type Side } from '../difference.ts'
import { functionRepair, policyRepair, triggerRepair, viewRepair } from './code-repair.ts'
import type { Company } from './company.ts'
import { compositeTypeRepair } from './composite-repair.ts'
import { turnedDifference } from '../turned-difference.ts'
import { columnRepair } from './column-repair.ts'
import { constraintRepair } from './constraint-repair.ts'
import { indexRepair } from './index-repair.ts'
import { renameSteps } from './rename-repair.ts'
import { step, type Purpose, type Repairer, type Step } from './step.ts'
import { STRUCTURE_REPAIRERS } from './structure-repair.ts'
import { SURROUNDING_REPAIRERS } from './surrounding-repair.ts'
import { tableRepair } from './table-repair.ts'
import type { Users } from './users-of.ts'
import { domainRepair, enumRepair, extensionRepair, schemaRepair, sequenceRepair } from './type-repair.ts'

const REPAIRERS: Record<ObjectClass, Repairer> = {
  schema: schemaRepair,
  extension: extensionRepair,
  enum: enumRepair,
  domain: domainRepair,
  'composite type': compositeTypeRepair,
  sequence: sequenceRepair,
  table: tableRepair,
  column: columnRepair,
  constraint: constraintRepair,
  index: indexRepair,
  view: viewRepair,
  'materialized view': viewRepair,
  function: functionRepair,
  procedure: functionRepair,
  trigger: triggerRepair,
  policy: policyRepair,
  ...STRUCTURE_REPAIRERS,
  ...SURROUNDING_REPAIRERS,
}

/** The repair that these steps are, with what to beware of; undefined where either way takes a person. */
export function repairOf({ database, adopt }: { database?: Step[]; adopt?: Step[] }): Repair | undefined {
  if (database === undefined && adopt === undefined) return undefined
  const [ofDatabase, ofAdopt] = [hazardsOf(database), hazardsOf(adopt)]
  const differ = database !== undefined && adopt !== undefined && ofDatabase.join('\n') !== ofAdopt.join('\n')
  return {
    ...(database === undefined ? {} : { database: toSql(database) }),
    ...(adopt === undefined ? {} : { adopt: toSql(adopt) }),
    hazards: [...new Set([...ofDatabase, ...ofAdopt])],
    ...(differ ? { hazardsOf: { database: ofDatabase, adopt: ofAdopt } } : {}),
  }
}

/**
 * The steps one by one, with all that comes along. `database` goes from what is to what should be, `migration` the other way.
 * `users`: what is in the way; `company`: what else it must see to. undefined: this takes a person.
 */
export function repairSteps(
  difference: Difference,
  purpose: Purpose,
  users?: Users | 'unmovable',
  company?: Company,
): Step[] | undefined {
  const rest = without(difference, company)
  const alone =
    company?.isDone === true ? stepsAlone(turnedDifference(rest), 'migration', users) : stepsAlone(rest, purpose, users)
  if (alone !== undefined) return inCompany(alone, company)
  const { otherwise } = company ?? {}
  return otherwise === undefined || users === undefined ? otherwise : aroundUsers(otherwise, users)
}

function without(difference: Difference, company: Company | undefined): Difference {
  if (company === undefined || company.without.size === 0) return difference
  const rest = (side: Side): Side => ({ ...side, within: side.within.filter((each) => !company.without.has(each)) })
  if (difference.kind === 'missing') return { ...difference, expected: rest(difference.expected) }
  return difference.kind === 'unexpected' ? { ...difference, actual: rest(difference.actual) } : difference
}

function inCompany(steps: Step[], company: Company | undefined): Step[] {
  if (company === undefined) return steps
  return [
    ...company.before.map((sql) => step(sql, HAZARD.shortLock)),
    ...(company.unchecked === true ? unchecked(steps) : company.isOnly === true ? steps.map(ofOne) : steps),
    ...company.after.map((sql) => step(sql)),
  ]
}

/** What inherits the column keeps it then, as its own (manual, ALTER TABLE). */
function ofOne({ sql, hazards }: Step): Step {
  return { sql: sql.replace(/^ALTER TABLE (?=.* DROP COLUMN )/, '$&ONLY '), hazards }
}

/** As pg_dump does with all functions (manual, check_function_bodies). */
function unchecked(steps: Step[]): Step[] {
  return [step('SET check_function_bodies = off'), ...steps, step('RESET check_function_bodies')]
}

function stepsAlone(difference: Difference, purpose: Purpose, users?: Users | 'unmovable'): Step[] | undefined {
  const repairer = REPAIRERS[objectOf(difference).class]
  const steps = withAlike(stepsBetween(repairer, difference, purpose), difference, purpose)
  if (steps === undefined || steps.length === 0) return undefined
  return users === undefined ? steps : aroundUsers(steps, users)
}

/** All of what is told together, or none of it. */
function withAlike(steps: Step[] | undefined, difference: Difference, purpose: Purpose): Step[] | undefined {
  const alike = difference.kind === 'changed' ? (difference.alike ?? []) : []
  const parts = [steps, ...alike.map((each) => stepsAlone(each, purpose))]
  return parts.includes(undefined) ? undefined : parts.flatMap((each) => each ?? [])
}

/** What uses the object makes way and comes back. */
function aroundUsers(steps: readonly Step[], users: Users | 'unmovable'): Step[] | undefined {
  if (users === 'unmovable') return undefined
  const around = users.gone.length + users.rights.length > 0 ? [HAZARD.oneTransaction] : []
  const parts = [
    ...users.gone.toReversed().map((side) => REPAIRERS[side.object.class].drop(side, 'migration')),
    steps.map(({ sql, hazards }) =>
      step(sql, ...hazards.map((each) => (each === HAZARD.columnUsers ? HAZARD.rowsInTheWay : each)), ...around),
    ),
    ...users.back.map((side) => REPAIRERS[side.object.class].create(side, 'migration')),
    users.rights.map((sql) => step(sql)),
  ]
  return parts.some((each) => each === undefined) ? undefined : parts.flatMap((each) => each ?? [])
}

function stepsBetween(repairer: Repairer, difference: Difference, purpose: Purpose): Step[] | undefined {
  const forwards = purpose === 'database'
  switch (difference.kind) {
    case 'missing':
      return forwards ? repairer.create(difference.expected, purpose) : repairer.drop(difference.expected, purpose)
    case 'unexpected':
      return forwards ? repairer.drop(difference.actual, purpose) : repairer.create(difference.actual, purpose)
    case 'changed': {
      const { expected, actual, attributes } = difference
      const [from, to]: [Side, Side] = forwards ? [actual, expected] : [expected, actual]
      return repairer.change(from.object, to.object, attributes, purpose, { from, to })
    }
    case 'renamed': {
      const { expected, actual } = difference
      return forwards
        ? renameSteps(actual.object, expected.object, purpose)
        : renameSteps(expected.object, actual.object, purpose)
    }
    default:
      return difference satisfies never
  }
}

function hazardsOf(steps: readonly Step[] | undefined): string[] {
  return [...new Set((steps ?? []).flatMap((each) => each.hazards))]
}

function toSql(steps: readonly Step[]): string {
  return steps.map(({ sql }) => `${sql};`).join('\n')
}

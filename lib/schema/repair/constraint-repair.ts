import type { CatalogObject } from '../catalog.ts'
import { commentStatement } from '../ddl/create-statements.ts'
import { constraintDefinition } from '../ddl/constraint-ddl.ts'
import { has, text } from '../ddl/fact-text.ts'
import { sqlOwnName, sqlTable } from '../ddl/sql-name.ts'
import { HAZARD } from '../../hazard.ts'
import { MARKS, markSteps } from './index-marks.ts'
import { onlyFacts, step, type Repairer, type Step } from './step.ts'

/** Constraints. One that was switched off is made anew, so that the rows which came in meanwhile are looked at. */
export const constraintRepair: Repairer = {
  create({ object, home }, purpose) {
    if (!restorable(object)) return undefined
    return purpose === 'migration' ? [drop(object), ...make(object, home)] : make(object, home)
  },
  drop({ object }) {
    return has(object, 'inherited') ? undefined : [drop(object)]
  },
  change(from, to, facts, _purpose, sides) {
    if (onlyFacts(facts, ['comment'])) return [step(commentStatement(to))]
    if (onlyFacts(facts, MARKS)) return markSteps(from, to, facts)
    if (!restorable(to) || has(from, 'inherited')) return undefined
    if (onlyFacts(facts, ['notValid']) && !has(to, 'notValid')) return [validate(to)]
    if (onlyFacts(facts, ['deferrable']) && text(to, 'kind') === 'FOREIGN KEY') return [defer(to)]
    return [drop(from), ...make(to, sides.to.home)]
  },
}

/** What a fresh ADD CONSTRAINT brings back whole; a constraint that should be switched off is for a person. */
function restorable(constraint: CatalogObject): boolean {
  const lost = ['inherited', 'tablespace', 'invalidIndex', 'disabledTriggers']
  return lost.every((fact) => !has(constraint, fact))
}

function drop(constraint: CatalogObject): Step {
  const sql = `ALTER TABLE ${sqlTable(constraint)} DROP CONSTRAINT IF EXISTS ${sqlOwnName(constraint)}`
  const leaned = ['PRIMARY KEY', 'UNIQUE'].includes(text(constraint, 'kind') ?? '')
  return step(sql, HAZARD.shortLock, ...(leaned ? [HAZARD.leanedOn] : []))
}

function make(constraint: CatalogObject, table: CatalogObject | undefined): Step[] {
  const add = `ALTER TABLE ${sqlTable(constraint)} ADD CONSTRAINT ${sqlOwnName(constraint)} ${constraintDefinition(constraint)}`
  const comment = has(constraint, 'comment') ? [step(commentStatement(constraint))] : []
  if (['PRIMARY KEY', 'UNIQUE', 'EXCLUDE'].includes(text(constraint, 'kind') ?? '')) {
    const marks = markSteps(
      { ...constraint, attributes: {} },
      constraint,
      MARKS.filter((fact) => has(constraint, fact)),
    )
    return [step(add, HAZARD.scan), ...marks, ...comment]
  }
  // Until 17 the server takes no such foreign key on a partitioned table.
  if (table !== undefined && has(table, 'partitionKey')) return [step(add, HAZARD.scan), ...comment]
  // Added first and checked later, it holds the lock for a moment only (manual, ALTER TABLE, notes).
  const added = step(`${add} NOT VALID`, HAZARD.shortLock)
  if (has(constraint, 'notEnforced')) return [step(add, HAZARD.shortLock), ...comment]
  return [added, ...(has(constraint, 'notValid') ? [] : [validate(constraint)]), ...comment]
}

/** Only foreign keys can change it where they stand (manual, ALTER TABLE). */
function defer(constraint: CatalogObject): Step {
  const how = text(constraint, 'deferrable') ?? 'NOT DEFERRABLE'
  return step(`ALTER TABLE ${sqlTable(constraint)} ALTER CONSTRAINT ${sqlOwnName(constraint)} ${how}`, HAZARD.shortLock)
}

function validate(constraint: CatalogObject): Step {
  const sql = `ALTER TABLE ${sqlTable(constraint)} VALIDATE CONSTRAINT ${sqlOwnName(constraint)}`
  return step(sql, HAZARD.validates)
}

import pg from 'pg'
import type { CatalogObject } from '../catalog.ts'
import { commentStatement } from '../ddl/create-statements.ts'
import { constraintDefinition } from '../ddl/constraint-ddl.ts'
import { has, list, text } from '../ddl/fact-text.ts'
import { sqlIndex, sqlOwnName, sqlTable } from '../ddl/sql-name.ts'
import { HAZARD } from '../../hazard.ts'
import { onlyFacts, step, type Repairer, type Step } from './step.ts'
import { optionSteps } from './table-repair.ts'

/** Constraints. One that was switched off is made anew, so that the rows which came in meanwhile are looked at. */
export const constraintRepair: Repairer = {
  create({ object }, purpose) {
    if (!restorable(object)) return undefined
    return purpose === 'migration' ? [drop(object), ...make(object)] : make(object)
  },
  drop({ object }) {
    return has(object, 'inherited') ? undefined : [drop(object)]
  },
  change(from, to, facts) {
    if (onlyFacts(facts, ['comment'])) return [step(commentStatement(to))]
    if (onlyFacts(facts, ['options', 'indexComment'])) return facts.flatMap((fact) => ofIndex(from, to, fact))
    if (!restorable(to) || has(from, 'inherited')) return undefined
    if (onlyFacts(facts, ['notValid']) && !has(to, 'notValid')) return [validate(to)]
    if (onlyFacts(facts, ['deferrable']) && text(to, 'kind') === 'FOREIGN KEY') return [defer(to)]
    return [drop(from), ...make(to)]
  },
}

/** What a fresh ADD CONSTRAINT brings back whole; a constraint that should be switched off is for a person. */
function restorable(constraint: CatalogObject): boolean {
  const lost = [
    'inherited',
    'options',
    'indexComment',
    'clustered',
    'replicaIdentity',
    'tablespace',
    'invalidIndex',
    'disabledTriggers',
    'statistics',
  ]
  return lost.every((fact) => !has(constraint, fact))
}

/** Its index has the name of the constraint. */
function ofIndex(from: CatalogObject, to: CatalogObject, fact: string): Step[] {
  const index = sqlIndex(to)
  if (fact === 'options') return optionSteps(list(from, fact), list(to, fact), `ALTER INDEX ${index}`)
  const words = text(to, fact)
  return [step(`COMMENT ON INDEX ${index} IS ${words === undefined ? 'NULL' : pg.escapeLiteral(words)}`)]
}

function drop(constraint: CatalogObject): Step {
  const sql = `ALTER TABLE ${sqlTable(constraint)} DROP CONSTRAINT IF EXISTS ${sqlOwnName(constraint)}`
  const leaned = ['PRIMARY KEY', 'UNIQUE'].includes(text(constraint, 'kind') ?? '')
  return step(sql, HAZARD.shortLock, ...(leaned ? [HAZARD.leanedOn] : []))
}

function make(constraint: CatalogObject): Step[] {
  const add = `ALTER TABLE ${sqlTable(constraint)} ADD CONSTRAINT ${sqlOwnName(constraint)} ${constraintDefinition(constraint)}`
  const comment = has(constraint, 'comment') ? [step(commentStatement(constraint))] : []
  if (['PRIMARY KEY', 'UNIQUE', 'EXCLUDE'].includes(text(constraint, 'kind') ?? '')) {
    return [step(add, HAZARD.blocksWrites, HAZARD.rowsInTheWay), ...comment]
  }
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

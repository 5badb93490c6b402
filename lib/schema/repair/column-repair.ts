import type { CatalogObject } from '../catalog.ts'
import { columnSettings, identityClause, identityOptions } from '../ddl/column-ddl.ts'
import { commentStatement, createStatements } from '../ddl/create-statements.ts'
import { has, text } from '../ddl/fact-text.ts'
import { sqlOwnName, sqlTable } from '../ddl/sql-name.ts'
import { HAZARD } from '../../hazard.ts'
import { castBetween } from './cast-between.ts'
import { idempotent, onlyFacts, step, type Repairer, type Step } from './step.ts'

const IDENTITY = [
  'identity',
  'identityStart',
  'identityIncrement',
  'identityMin',
  'identityMax',
  'identityCache',
  'identityCycle',
]
const CHANGEABLE = [
  'type',
  'collation',
  'notNull',
  'default',
  'storage',
  'compression',
  'statistics',
  'comment',
  ...IDENTITY,
]

/** Columns. A generated column would have to be made anew, and an inherited one is its parent's: both take a person. */
export const columnRepair: Repairer = {
  create(side) {
    const { object } = side
    if (has(object, 'inherited') || has(object, 'options')) return undefined
    const fails =
      has(object, 'notNull') && !has(object, 'default') && !has(object, 'identity') && !has(object, 'generated')
    const hazards = [HAZARD.shortLock, ...(fails ? [HAZARD.noDefault] : [])]
    return createStatements(side).map((sql) => step(idempotent(sql), ...hazards))
  },
  drop({ object }) {
    if (has(object, 'inherited')) return undefined
    const sql = `ALTER TABLE ${sqlTable(object)} DROP COLUMN IF EXISTS ${sqlOwnName(object)}`
    return [step(sql, HAZARD.dataLoss, HAZARD.shortLock, HAZARD.columnLoss)]
  },
  change(from, to, facts, purpose) {
    if (has(from, 'generated') || has(to, 'generated') || has(to, 'inherited')) return undefined
    const becomesIdentity = has(from, 'identity') !== has(to, 'identity')
    // What a migration adds must not be there already, and only 16 and newer can name the storage of a type.
    if (becomesIdentity && has(to, 'identity') && purpose === 'migration') return undefined
    if (facts.includes('storage') && !has(to, 'storage')) return undefined
    if (!onlyFacts(facts, becomesIdentity ? [...CHANGEABLE, 'identitySequence'] : CHANGEABLE)) return undefined
    return changes(from, to, new Set(facts))
  },
}

function changes(from: CatalogObject, to: CatalogObject, facts: ReadonlySet<string>): Step[] {
  const alter = `ALTER TABLE ${sqlTable(to)} ALTER COLUMN ${sqlOwnName(to)}`
  const retyped = facts.has('type') || facts.has('collation')
  const steps: Step[] = []
  if (has(from, 'identity') && !has(to, 'identity')) {
    steps.push(step(`${alter} DROP IDENTITY IF EXISTS`, HAZARD.shortLock))
  }
  // The old default may not fit the new type.
  if (has(from, 'default') && (retyped || (facts.has('default') && !has(to, 'default')))) {
    steps.push(step(`${alter} DROP DEFAULT`, HAZARD.shortLock))
  }
  if (retyped) steps.push(retype(from, to, alter))
  if (has(to, 'default') && (retyped || facts.has('default'))) {
    steps.push(step(`${alter} SET DEFAULT ${text(to, 'default')}`, HAZARD.shortLock))
  }
  if (facts.has('notNull') && has(to, 'notNull')) steps.push(step(`${alter} SET NOT NULL`, HAZARD.scan))
  if (has(to, 'identity')) steps.push(...identitySteps(from, to, facts, alter))
  if (facts.has('notNull') && !has(to, 'notNull')) steps.push(step(`${alter} DROP NOT NULL`, HAZARD.shortLock))
  if (['storage', 'compression', 'statistics'].some((fact) => facts.has(fact))) {
    steps.push(...settings(from, to, alter, facts))
  }
  if (facts.has('comment')) steps.push(step(commentStatement(to)))
  return steps
}

function retype(from: CatalogObject, to: CatalogObject, alter: string): Step {
  const [before = '', type = ''] = [text(from, 'type'), text(to, 'type')]
  const collation = has(to, 'collation') ? ` COLLATE ${text(to, 'collation')}` : ''
  return step(
    `${alter} SET DATA TYPE ${type}${collation} USING ${sqlOwnName(to)}${castBetween(before, type)}`,
    HAZARD.rewrite,
    HAZARD.columnUsers,
  )
}

function identitySteps(from: CatalogObject, to: CatalogObject, facts: ReadonlySet<string>, alter: string): Step[] {
  if (!has(from, 'identity')) {
    return [step(`${alter} ADD GENERATED ${identityClause(to)}`, HAZARD.shortLock, HAZARD.sequenceStart)]
  }
  const how = facts.has('identity') ? [`SET GENERATED ${text(to, 'identity')}`] : []
  const [before, after] = [identityOptions(from, 'SET '), identityOptions(to, 'SET ')]
  const options = after.filter((option, index) => option !== before[index])
  return how.length + options.length === 0 ? [] : [step([alter, ...how, ...options].join(' '), HAZARD.shortLock)]
}

function settings(from: CatalogObject, to: CatalogObject, alter: string, facts: ReadonlySet<string>): Step[] {
  const resets = [
    ['compression', 'SET COMPRESSION default'],
    ['statistics', 'SET STATISTICS -1'],
  ].flatMap(([fact = '', sql]) =>
    facts.has(fact) && has(from, fact) && !has(to, fact) ? [step(`${alter} ${sql}`)] : [],
  )
  return [...resets, ...columnSettings(to).map((sql) => step(sql))]
}

// Repairs of what holds no data and is made from its text: views, functions, triggers, policies.
import type { CatalogObject } from '../catalog.ts'
import { commentStatement, createStatements, firingStatements } from '../ddl/create-statements.ts'
import { DETAILS, detailChanges } from '../ddl/detail-ddl.ts'
import { has, list } from '../ddl/fact-text.ts'
import { sqlOwnName, sqlTable } from '../ddl/sql-name.ts'
import { sqlReference } from '../ddl/sql-reference.ts'
import { HAZARD } from '../../hazard.ts'
import { idempotent, onlyFacts, step, type Repairer, type Step } from './step.ts'
import { uncheckedBodies } from './unchecked-bodies.ts'

/** Views: replaced in place where the columns allow it, else made anew. */
export const viewRepair: Repairer = {
  create: (side) => createStatements(side).map((sql) => withRows(step(idempotent(sql)))),
  drop: ({ object }) => [dropIt(object)],
  change(from, to, facts, _purpose, sides) {
    const details = detailChanges(from, to)?.map((sql) => step(sql))
    const comment = facts.includes('comment') ? [step(commentStatement(to))] : []
    if (onlyFacts(facts, ['comment', ...DETAILS])) return details && [...comment, ...details]
    const [before, after] = [list(from, 'columns'), list(to, 'columns')]
    // With the rights and policies of whoever reads it, or of its owner.
    const readers = readsAsInvoker(from) === readsAsInvoker(to) ? [] : [HAZARD.otherRows]
    if (to.class === 'view' && before.every((column, index) => column === after[index])) {
      const [create] = createStatements({ object: to, within: [] })
      return details && [step(idempotent(create ?? ''), ...readers), ...comment, ...details]
    }
    return [dropIt(from), ...createStatements(sides.to).map((sql) => withRows(step(sql, ...readers)))]
  },
}

function readsAsInvoker(view: CatalogObject): boolean {
  return list(view, 'options').some((each) => /^security_invoker=(?:true|on|1|yes)$/.test(each))
}

/** The indexes of a materialized view come when its rows are there. */
function withRows({ sql, hazards }: Step): Step {
  return sql.startsWith('CREATE UNIQUE INDEX ') ? step(sql, ...hazards, HAZARD.duplicates) : { sql, hazards }
}

/** Functions and procedures: replaced in place where what callers see stays the same, else made anew. */
export const functionRepair: Repairer = {
  create: (side) => uncheckedBodies(createStatements(side), [side.object]).map((sql) => step(sql)),
  drop: ({ object }) => [dropIt(object)],
  change(from, to, facts) {
    if (onlyFacts(facts, ['comment'])) return [step(commentStatement(to))]
    const rights = facts.includes('securityDefiner') ? [HAZARD.otherRights] : []
    const made = uncheckedBodies(createStatements({ object: to, within: [] }), [to])
    const create = made.map((sql) => step(sql, ...rights))
    if (facts.includes('arguments') || facts.includes('result')) return [dropIt(from), ...create]
    return has(from, 'comment') && !has(to, 'comment') ? [...create, step(commentStatement(to))] : create
  },
}

/** Triggers: made anew, but where only their firing changed. */
export const triggerRepair: Repairer = {
  create: (side) => [dropIt(side.object), ...createStatements(side).map((sql) => step(sql, HAZARD.shortLock))],
  drop: ({ object }) => [dropIt(object)],
  change(from, to, facts) {
    if (onlyFacts(facts, ['comment'])) return [step(commentStatement(to))]
    if (onlyFacts(facts, ['firing'])) return firing(to)
    if (has(from, 'inherited') !== has(to, 'inherited')) return undefined
    // All but its firing comes from the table's.
    if (has(to, 'inherited')) return firing(to)
    const create = createStatements({ object: to, within: [] }).map((sql) => step(sql, HAZARD.shortLock))
    return [{ ...dropIt(from), hazards: [HAZARD.oneTransaction] }, ...create]
  },
}

const POLICY_HAZARDS = [HAZARD.shortLock, HAZARD.otherRows]

/** Policies: made anew, in one transaction. */
export const policyRepair: Repairer = {
  create: (side) => [dropIt(side.object), ...createStatements(side).map((sql) => step(sql, ...POLICY_HAZARDS))],
  drop: ({ object }) => [step(`DROP POLICY IF EXISTS ${named(object)}`, HAZARD.otherRows)],
  change(from, to, facts) {
    if (onlyFacts(facts, ['comment'])) return [step(commentStatement(to))]
    const create = createStatements({ object: to, within: [] }).map((sql) => step(sql, ...POLICY_HAZARDS))
    return [step(`DROP POLICY IF EXISTS ${named(from)}`, HAZARD.oneTransaction), ...create]
  },
}

function firing(to: CatalogObject): Step[] {
  const statements = firingStatements(to)
  const enable = `ALTER TABLE ${sqlTable(to)} ENABLE TRIGGER ${sqlOwnName(to)}`
  return (statements.length > 0 ? statements : [enable]).map((sql) => step(sql, HAZARD.shortLock))
}

function dropIt(object: CatalogObject): Step {
  if (object.class === 'trigger' || object.class === 'policy') {
    return step(`DROP ${object.class.toUpperCase()} IF EXISTS ${named(object)}`, HAZARD.shortLock)
  }
  const [kind, ...name] = sqlReference(object).split(/ (?=")/)
  return step(`DROP ${kind} IF EXISTS ${name.join(' ')}`, HAZARD.dependents)
}

function named(object: CatalogObject): string {
  return `${sqlOwnName(object)} ON ${sqlTable(object)}`
}

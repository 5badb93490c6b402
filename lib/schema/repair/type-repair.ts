// Repairs of what tables stand on: schemas, extensions, types, sequences.
import pg from 'pg'
import type { CatalogObject } from '../catalog.ts'
import { commentStatement, createStatements, sequenceOptions } from '../ddl/create-statements.ts'
import { has, list, text } from '../ddl/fact-text.ts'
import { sqlName } from '../ddl/sql-name.ts'
import { HAZARD } from '../../hazard.ts'
import { idempotent, onlyFacts, step, type Repairer, type Step } from './step.ts'

const noDrop = () => undefined

/** Schemas with nothing in them, and comments; what a schema holds is for a person. */
export const schemaRepair: Repairer = {
  create: (side) => (side.within.length > 0 ? undefined : createStatements(side).map((sql) => step(idempotent(sql)))),
  drop: noDrop,
  change: onlyComment,
}

/** Extensions: made, never dropped. A version is what the server's packages have. */
export const extensionRepair: Repairer = {
  create: (side) => createStatements(side).map((sql) => step(idempotent(sql), HAZARD.installed)),
  drop: noDrop,
  change: onlyComment,
}

/** Enums can only grow. */
export const enumRepair: Repairer = {
  create: (side) => createStatements(side).map((sql) => step(idempotent(sql))),
  drop: noDrop,
  change(from, to, facts) {
    if (!onlyFacts(facts, ['labels', 'comment'])) return undefined
    const added = labelSteps(to, list(from, 'labels'), list(to, 'labels'))
    if (added === undefined) return undefined
    return facts.includes('comment') ? [...added, step(commentStatement(to))] : added
  },
}

/** Domains: their default and NOT NULL. */
export const domainRepair: Repairer = {
  create: (side) => createStatements(side).map((sql) => step(idempotent(sql))),
  drop: noDrop,
  change(_from, to, facts) {
    if (!onlyFacts(facts, ['default', 'notNull', 'comment'])) return undefined
    const alter = `ALTER DOMAIN ${sqlName(to.path)}`
    return facts.map((fact): Step => {
      if (fact === 'comment') return step(commentStatement(to))
      if (fact === 'notNull') return step(`${alter} ${has(to, fact) ? 'SET' : 'DROP'} NOT NULL`, HAZARD.scan)
      return step(has(to, fact) ? `${alter} SET DEFAULT ${text(to, fact)}` : `${alter} DROP DEFAULT`)
    })
  },
}

/** Composite types: made; a change of their fields reaches into every table that uses them. */
export const compositeTypeRepair: Repairer = {
  create: (side) => createStatements(side).map((sql) => step(idempotent(sql))),
  drop: noDrop,
  change: onlyComment,
}

/** Sequences: every option, and the owner. */
export const sequenceRepair: Repairer = {
  create: (side) => createStatements(side).map((sql) => step(idempotent(sql), HAZARD.sequenceStart)),
  drop: ({ object }) => [step(`DROP SEQUENCE IF EXISTS ${sqlName(object.path)}`, HAZARD.dependents)],
  change(_from, to, facts) {
    if (facts.includes('unlogged')) return undefined
    const alter = `ALTER SEQUENCE ${sqlName(to.path)}`
    const owner = list(to, 'ownedBy')
    return [
      ...(onlyFacts(facts, ['ownedBy', 'comment']) ? [] : [step(`${alter} ${sequenceOptions(to)}`)]),
      ...(facts.includes('ownedBy') ? [step(`${alter} OWNED BY ${owner.length === 0 ? 'NONE' : sqlName(owner)}`)] : []),
      ...(facts.includes('comment') ? [step(commentStatement(to))] : []),
    ]
  },
}

function onlyComment(_from: CatalogObject, to: CatalogObject, facts: readonly string[]): Step[] | undefined {
  return onlyFacts(facts, ['comment']) ? [step(commentStatement(to))] : undefined
}

/** ADD VALUE for each new label in its place; undefined where a label went or moved. */
function labelSteps(type: CatalogObject, from: readonly string[], to: readonly string[]): Step[] | undefined {
  const there = new Set(from)
  const kept = to.filter((label) => there.has(label))
  if (kept.length !== from.length || kept.some((label, index) => label !== from[index])) return undefined
  return to.flatMap((label, index) => {
    if (there.has(label)) return []
    const before = to[index - 1]
    // What comes first stands before the first that was there.
    const place =
      before === undefined ? `BEFORE ${pg.escapeLiteral(from[0] ?? '')}` : `AFTER ${pg.escapeLiteral(before)}`
    const value = pg.escapeLiteral(label)
    const where = from.length === 0 && before === undefined ? '' : ` ${place}`
    return [step(`ALTER TYPE ${sqlName(type.path)} ADD VALUE IF NOT EXISTS ${value}${where}`, HAZARD.permanent)]
  })
}

// Repairs of what tables stand on: schemas, extensions, types, sequences.
import pg from 'pg'
import type { CatalogObject } from '../catalog.ts'
import type { Side } from '../difference.ts'
import { commentStatement, createStatements, sequenceOptions } from '../ddl/create-statements.ts'
import { detailChanges } from '../ddl/detail-ddl.ts'
import { has, list, text } from '../ddl/fact-text.ts'
import { sqlName } from '../ddl/sql-name.ts'
import { HAZARD } from '../../hazard.ts'
import { boundsOf, boundSteps } from './sequence-bounds.ts'
import { idempotent, onlyFacts, step, whereMissing, type Purpose, type Repairer, type Step } from './step.ts'
import { uncheckedBodies } from './unchecked-bodies.ts'

/** Schemas, with all that is in them. */
export const schemaRepair: Repairer = {
  create(side, purpose) {
    const statements = uncheckedBodies(createStatements(side), side.within)
    if (side.within.length === 0) return statements.map((sql) => step(idempotent(sql)))
    if (purpose === 'migration') return [step(whereMissing('to_regnamespace', sqlName(side.object.path), statements))]
    return statements.map((sql) => step(sql, HAZARD.comesBackEmpty))
  },
  drop: ({ object, within }) => [
    within.length === 0
      ? step(`DROP SCHEMA IF EXISTS ${sqlName(object.path)}`, HAZARD.dependents)
      : step(`DROP SCHEMA IF EXISTS ${sqlName(object.path)} CASCADE`, HAZARD.cascade, HAZARD.shortLock),
  ],
  change: onlyComment,
}

/** Extensions. A version is what the server's packages have. */
export const extensionRepair: Repairer = {
  create: (side) => createStatements(side).map((sql) => step(idempotent(sql), HAZARD.installed)),
  drop: ({ object }) => [
    step(
      `DROP EXTENSION IF EXISTS ${sqlName(object.path)}`,
      HAZARD.dependents,
      // Others may have tables of their own.
      ...(RELOCATABLE.has(object.path[0] ?? '') ? [] : [HAZARD.dataLoss]),
    ),
  ],
  change(_from, to, facts) {
    if (!onlyFacts(facts, ['schema', 'comment'])) return undefined
    if (facts.includes('schema') && !RELOCATABLE.has(to.path[0] ?? '')) return undefined
    const schema = sqlName([text(to, 'schema') ?? 'public'])
    return [
      ...(facts.includes('schema') ? [step(`ALTER EXTENSION ${sqlName(to.path)} SET SCHEMA ${schema}`)] : []),
      ...(facts.includes('comment') ? [step(commentStatement(to))] : []),
    ]
  },
}

/** Those of contrib and near it whose control file says `relocatable = true`: any other refuses to move. */
const RELOCATABLE: ReadonlySet<string> = new Set([
  'btree_gin',
  'btree_gist',
  'citext',
  'cube',
  'dblink',
  'earthdistance',
  'fuzzystrmatch',
  'hstore',
  'intarray',
  'isn',
  'lo',
  'ltree',
  'pg_stat_statements',
  'pg_trgm',
  'pgcrypto',
  'postgres_fdw',
  'seg',
  'tablefunc',
  'tsm_system_rows',
  'tsm_system_time',
  'unaccent',
  'uuid-ossp',
  'vector',
])

/** Enums can only grow. */
export const enumRepair: Repairer = {
  create: (side) => createStatements(side).map((sql) => step(idempotent(sql))),
  drop: dropType,
  change(from, to, facts) {
    if (!onlyFacts(facts, ['labels', 'comment'])) return undefined
    const added = labelSteps(to, list(from, 'labels'), list(to, 'labels'))
    if (added === undefined) return undefined
    return facts.includes('comment') ? [...added, step(commentStatement(to))] : added
  },
}

/** Domains: their default, NOT NULL and checks. */
export const domainRepair: Repairer = {
  create: (side) => createStatements(side).map((sql) => step(idempotent(sql))),
  drop: dropType,
  change(from, to, facts, purpose) {
    if (!onlyFacts(facts, ['default', 'notNull', 'constraints', 'constraintComments', 'comment'])) return undefined
    const alter = `ALTER DOMAIN ${sqlName(to.path)}`
    const said = detailChanges(facts.includes('constraints') ? { ...from, attributes: {} } : from, to) ?? []
    const changes = facts.flatMap((fact): Step[] => {
      if (fact === 'constraintComments') return []
      if (fact === 'comment') return [step(commentStatement(to))]
      if (fact === 'constraints') return checkSteps(alter, list(from, fact), list(to, fact), purpose)
      if (fact === 'notNull')
        return [has(to, fact) ? step(`${alter} SET NOT NULL`, HAZARD.scan) : step(`${alter} DROP NOT NULL`)]
      return [step(has(to, fact) ? `${alter} SET DEFAULT ${text(to, fact)}` : `${alter} DROP DEFAULT`)]
    })
    return [...changes, ...said.map((sql) => step(sql))]
  },
}

/** Sequences: every option, and the owner. */
export const sequenceRepair: Repairer = {
  create: (side) => createStatements(side).map((sql) => step(idempotent(sql), HAZARD.sequenceStart)),
  drop: ({ object }) => [step(`DROP SEQUENCE IF EXISTS ${sqlName(object.path)}`, HAZARD.dependents, HAZARD.countLoss)],
  change(from, to, facts) {
    if (facts.includes('unlogged')) return undefined
    const alter = `ALTER SEQUENCE ${sqlName(to.path)}`
    const owner = list(to, 'ownedBy')
    return [
      ...(onlyFacts(facts, ['ownedBy', 'comment'])
        ? []
        : boundSteps(
            `${alter} ${sequenceOptions(to)}`,
            sqlName(to.path),
            boundsOf(from, 'min', 'max'),
            boundsOf(to, 'min', 'max'),
          )),
      ...(facts.includes('ownedBy') ? [step(`${alter} OWNED BY ${owner.length === 0 ? 'NONE' : sqlName(owner)}`)] : []),
      ...(facts.includes('comment') ? [step(commentStatement(to))] : []),
    ]
  },
}

/** The server takes no type away that a column has. */
export function dropType({ object }: Side): Step[] {
  const kind = object.class === 'domain' ? 'DOMAIN' : 'TYPE'
  return [step(`DROP ${kind} IF EXISTS ${sqlName(object.path)}`, HAZARD.dependents)]
}

/** Kept as `CONSTRAINT name CHECK (…)`. */
function checkSteps(alter: string, from: readonly string[], to: readonly string[], purpose: Purpose): Step[] {
  const coming = to.filter((check) => !from.includes(check))
  const gone = from.filter((check) => !to.includes(check))
  const dropped = new Set([...gone, ...(purpose === 'migration' ? coming : [])].map(checkName))
  return [
    ...[...dropped].map((name) => step(`${alter} DROP CONSTRAINT IF EXISTS ${name}`)),
    ...coming.map((check) => step(`${alter} ADD ${check}`, HAZARD.rowsInTheWay)),
  ]
}

function checkName(check: string): string {
  return /^CONSTRAINT ("(?:[^"]|"")*"|\S+)/.exec(check)?.[1] ?? check
}

/** For what takes a person but for its comment. */
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

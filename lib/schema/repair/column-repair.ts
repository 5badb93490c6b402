import pg from 'pg'
import { objectKey, type CatalogObject } from '../catalog.ts'
import { columnSettings, identityClause, identityOptions } from '../ddl/column-ddl.ts'
import { commentStatement, createStatements } from '../ddl/create-statements.ts'
import { has, list, text } from '../ddl/fact-text.ts'
import { sqlName, sqlOwnName, sqlTable } from '../ddl/sql-name.ts'
import type { Side } from '../difference.ts'
import { HAZARD } from '../../hazard.ts'
import { optionSteps } from './table-repair.ts'
import { castBetween } from './cast-between.ts'
import { hazardsOfAdding, hazardsOfRetyping } from './column-hazards.ts'
import { boundsOf, boundSteps } from './sequence-bounds.ts'
import { idempotent, onlyFacts, step, type Purpose, type Repairer, type Step } from './step.ts'

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
  'notNullName',
  'default',
  'storage',
  'compression',
  'statistics',
  'comment',
  'options',
  'identityPersistence',
  ...IDENTITY,
]

/** What an inheriting table, or a partition, can have in its own way (manual, ALTER TABLE). */
export const OWN_OF_INHERITED = ['default', 'storage', 'compression', 'statistics', 'options', 'comment']

/** Columns. A generated one is made anew; an inherited one is its parent's but for its settings. */
export const columnRepair: Repairer = {
  create(side) {
    const { object } = side
    if (has(object, 'inherited')) return undefined
    return createStatements(side).map((sql) => step(idempotent(sql), ...hazardsOfAdding(object)))
  },
  drop({ object }) {
    if (has(object, 'inherited')) return undefined
    const sql = `ALTER TABLE ${sqlTable(object)} DROP COLUMN IF EXISTS ${sqlOwnName(object)}`
    return [step(sql, HAZARD.dataLoss, HAZARD.shortLock, HAZARD.columnLoss)]
  },
  change(from, to, facts, purpose, sides) {
    const stays = has(to, 'inherited') && has(from, 'inherited')
    if (stays && !onlyFacts(facts, OWN_OF_INHERITED)) return undefined
    if (has(from, 'generated') || has(to, 'generated')) return generatedSteps(from, to, facts, purpose)
    const becomesIdentity = has(from, 'identity') !== has(to, 'identity')
    // Only 16 and newer can name the storage of a type.
    if (facts.includes('storage') && !has(to, 'storage') && !isOtherType(facts)) return undefined
    if (!onlyFacts(facts, becomesIdentity ? [...CHANGEABLE, 'identitySequence'] : CHANGEABLE)) return undefined
    const steps = changes(from, to, new Set(facts), becomesIdentity ? sides : undefined)
    return becomesIdentity && has(to, 'identity') && purpose === 'migration' ? [unlessIdentity(to, steps)] : steps
  },
}

function isOtherType(facts: readonly string[]): boolean {
  return facts.includes('type') || facts.includes('collation')
}

/** Where it is one already nothing of this can be done twice, and its sequence may have the name of the one that goes. */
function unlessIdentity(column: CatalogObject, steps: readonly Step[]): Step {
  const [table, name] = [sqlTable(column), column.path.at(-1) ?? ''].map((each) => pg.escapeLiteral(each))
  const there = `SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = ${table}::pg_catalog.regclass AND a.attname = ${name}`
  const all = steps.map(({ sql }) => `${sql};`).join('\n')
  return step(
    `DO $raingauge$ BEGIN IF NOT EXISTS (${there} AND a.attidentity <> '') THEN\n${all}\nEND IF; END $raingauge$`,
    ...new Set(steps.flatMap(({ hazards }) => hazards)),
  )
}

/** Before 17 an expression can be taken away where it stands, and nothing else. */
function generatedSteps(
  from: CatalogObject,
  to: CatalogObject,
  facts: readonly string[],
  purpose: Purpose,
): Step[] | undefined {
  if (onlyFacts(facts, OWN_OF_INHERITED)) return changes(from, to, new Set(facts))
  const table = `ALTER TABLE ${sqlTable(to)}`
  const stored = text(from, 'generated')?.endsWith('STORED') === true
  if (!has(to, 'generated') && onlyFacts(facts, ['generated']) && stored) {
    return [step(`${table} ALTER COLUMN ${sqlOwnName(to)} DROP EXPRESSION IF EXISTS`, HAZARD.shortLock)]
  }
  // What is in a plain column cannot be had back from an expression's, nor the other way.
  if (!has(to, 'generated')) return undefined
  const lost = has(from, 'generated') ? [] : [HAZARD.dataLoss]
  const drop = purpose === 'migration' ? 'DROP COLUMN IF EXISTS' : 'DROP COLUMN'
  return [
    step(`${table} ${drop} ${sqlOwnName(to)}`, ...lost, HAZARD.columnLoss, HAZARD.dependents, HAZARD.oneTransaction),
    ...createStatements({ object: to, within: [] }).map((sql) => step(sql, ...hazardsOfAdding(to))),
  ]
}

function changes(
  from: CatalogObject,
  to: CatalogObject,
  facts: ReadonlySet<string>,
  /** Where a sequence of the column's own comes or goes. */
  sides?: { from: Side; to: Side },
): Step[] {
  const alter = `ALTER TABLE ${sqlTable(to)} ALTER COLUMN ${sqlOwnName(to)}`
  const retyped = isOtherType([...facts])
  const steps: Step[] = []
  if (has(from, 'identity') && !has(to, 'identity')) {
    steps.push(step(`${alter} DROP IDENTITY IF EXISTS`, HAZARD.shortLock))
    const made = ownSequences(sides?.to, sides?.from).flatMap((object) => createStatements({ object, within: [] }))
    steps.push(...made.map((sql) => step(idempotent(sql), HAZARD.sequenceStart)))
  }
  // The old default may not fit the new type.
  if (has(from, 'default') && (retyped || (facts.has('default') && !has(to, 'default')))) {
    steps.push(step(`${alter} DROP DEFAULT`, HAZARD.shortLock))
  }
  steps.push(
    ...ownSequences(sides?.from, sides?.to).map(({ path }) => step(`DROP SEQUENCE IF EXISTS ${sqlName(path)}`)),
  )
  const [first, last] = has(to, 'identity') ? identitySteps(from, to, facts, alter) : [[], []]
  steps.push(...first)
  if (retyped) steps.push(retype(from, to, alter))
  if (has(to, 'default') && (retyped || facts.has('default'))) {
    steps.push(step(`${alter} SET DEFAULT ${text(to, 'default')}`, HAZARD.shortLock))
  }
  if (facts.has('notNull') && has(to, 'notNull')) steps.push(step(`${alter} SET NOT NULL`, HAZARD.scan))
  steps.push(...last)
  if (facts.has('notNull') && !has(to, 'notNull')) steps.push(step(`${alter} DROP NOT NULL`, HAZARD.shortLock))
  // Another type is stored as that type is.
  if (retyped || ['storage', 'compression', 'statistics'].some((fact) => facts.has(fact))) {
    steps.push(...settings(from, to, alter, facts))
  }
  if (facts.has('options')) steps.push(...optionSteps(list(from, 'options'), list(to, 'options'), alter))
  if (facts.has('identityPersistence')) {
    // What is not said is as the table is, which is logged but where the sequence alone is not.
    const logged =
      text(to, 'identityPersistence') ?? (text(from, 'identityPersistence') === 'LOGGED' ? 'UNLOGGED' : 'LOGGED')
    steps.push(step(`ALTER SEQUENCE ${text(to, 'identitySequence')} SET ${logged}`, HAZARD.shortLock))
  }
  if (facts.has('notNullName') && has(to, 'notNull')) steps.push(step(nameNotNull(to), HAZARD.shortLock))
  if (facts.has('comment')) steps.push(step(commentStatement(to)))
  return steps
}

/** Whatever it is called now. Without a name of its own it gets one as the server makes them (makeObjectName). */
function nameNotNull(column: CatalogObject): string {
  const [table = '', name = ''] = column.path.slice(-2)
  const called = text(column, 'notNullName') ?? `${table.slice(0, 24)}_${name.slice(0, 24)}_not_null`
  const [home, own, constraint] = [sqlTable(column), name, called].map((each) => pg.escapeLiteral(each))
  return `DO $raingauge$ DECLARE rename text; BEGIN
FOR rename IN SELECT pg_catalog.format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', k.conrelid::pg_catalog.regclass, k.conname, ${constraint})
FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
WHERE k.contype = 'n' AND k.conname <> ${constraint} AND k.conrelid = ${home}::pg_catalog.regclass AND a.attname = ${own}
LOOP EXECUTE rename; END LOOP; END $raingauge$`
}

/** Those of the first that the other has not. */
function ownSequences(side: Side | undefined, other: Side | undefined): CatalogObject[] {
  const kept = new Set((other?.within ?? []).map((each) => objectKey(each)))
  return (side?.within ?? []).filter((each) => each.class === 'sequence' && !kept.has(objectKey(each)))
}

function retype(from: CatalogObject, to: CatalogObject, alter: string): Step {
  const [before = '', type = ''] = [text(from, 'type'), text(to, 'type')]
  const collation = has(to, 'collation') ? ` COLLATE ${text(to, 'collation')}` : ''
  return step(
    `${alter} SET DATA TYPE ${type}${collation} USING ${sqlOwnName(to)}${castBetween(before, type)}`,
    ...hazardsOfRetyping(from, to),
  )
}

/** Before the column gets another type, and after it: the server keeps the bounds of the sequence within the type. */
function identitySteps(
  from: CatalogObject,
  to: CatalogObject,
  facts: ReadonlySet<string>,
  alter: string,
): [first: Step[], last: Step[]] {
  if (!has(from, 'identity')) {
    return [[], [step(`${alter} ADD GENERATED ${identityClause(to)}`, HAZARD.shortLock, HAZARD.sequenceStart)]]
  }
  const how = facts.has('identity') ? [`SET GENERATED ${text(to, 'identity')}`] : []
  const [before, after] = [identityOptions(from, 'SET '), identityOptions(to, 'SET ')]
  // With the type go bounds that are those of the type.
  const options = facts.has('type') ? after : after.filter((option, index) => option !== before[index])
  if (how.length + options.length === 0) return [[], []]
  const [is, should] = [boundsOf(from, 'identityMin', 'identityMax'), boundsOf(to, 'identityMin', 'identityMax')]
  const words = [alter, ...how, ...options].join(' ')
  const steps = boundSteps(words, text(from, 'identitySequence') ?? '', is, should)
  const told = steps.map(({ sql, hazards }) => step(sql, HAZARD.shortLock, ...hazards))
  return width(to) < width(from) ? [told, []] : [[], told]
}

const WIDTHS = ['smallint', 'integer', 'bigint']

/** Identity columns have no other types (manual, CREATE TABLE). */
function width(column: CatalogObject): number {
  return WIDTHS.indexOf(text(column, 'type') ?? '')
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

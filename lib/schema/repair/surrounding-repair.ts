// Repairs of what surrounds the schema: rights, settings, publications, foreign servers.
import pg from 'pg'
import { accessStatements } from '../access/access-sql.ts'
import { objectKey, type CatalogObject, type Fact } from '../catalog.ts'
import { commentStatement, createStatements } from '../ddl/create-statements.ts'
import { has, list, text } from '../ddl/fact-text.ts'
import { databaseSettings, onThisDatabase } from '../ddl/database-settings.ts'
import { publicationObjects, publicationOptions, quotedOption } from '../ddl/surrounding-ddl.ts'
import { isSurrounding, SURROUNDING_KEYWORDS, surroundingName, type SurroundingClass } from '../ddl/surrounding-name.ts'
import { HAZARD } from '../../hazard.ts'
import { onlyFacts, step, type Repairer, type Step } from './step.ts'

const role: Repairer = {
  create: ({ object }) => accessSteps({ ...object, attributes: {} }, object),
  drop: ({ object }) => accessSteps(object, { ...object, attributes: {} }),
  change: (from, to) => accessSteps(from, to),
}

const publication: Repairer = {
  create: (side, purpose) => [
    ...(purpose === 'migration' ? [dropIt(side.object)] : []),
    ...createStatements(side).map((sql) => step(sql, HAZARD.walLevel)),
  ],
  drop: ({ object }) => [dropIt(object)],
  change(from, to, facts) {
    if (facts.includes('allTables')) return undefined
    const alter = `ALTER PUBLICATION ${nameOf(to)}`
    const [before, after] = [publicationObjects(from), publicationObjects(to)]
    const objects = after === '' ? `${alter} DROP ${publicationObjects(withoutFilters(from))}` : `${alter} SET ${after}`
    const ofObjects = before === after ? [] : [step(objects, HAZARD.subscribers)]
    const ofOptions = onlyFacts(facts, ['tables', 'schemas', 'comment'])
      ? []
      : [step(`${alter} SET (${publicationOptions(to)}${noneGenerated(from, to)})`)]
    return [
      // A partitioned table has a filter only where it is published as a whole.
      ...(has(to, 'viaRoot') ? [...ofOptions, ...ofObjects] : [...ofObjects, ...ofOptions]),
      ...(facts.includes('comment') ? [step(commentStatement(to))] : []),
    ]
  },
}

/** Only 18 and newer know the option, and have it. */
function noneGenerated(from: CatalogObject, to: CatalogObject): string {
  return has(from, 'generatedColumns') && !has(to, 'generatedColumns') ? ', publish_generated_columns = none' : ''
}

/** Wrappers, servers and foreign tables hold no data here: their options, their comment, and the whole thing. */
const foreign: Repairer = {
  create: (side) => (hides(side.object) ? undefined : createStatements(side).map((sql) => step(ifNotThere(sql)))),
  drop: ({ object, within }) => [
    ...within.flatMap((each) => (each.class === 'user mapping' ? [dropMapping(each)] : [])),
    { ...dropIt(object), hazards: [HAZARD.dependents, ...(within.length > 0 ? [HAZARD.loginLoss] : [])] },
  ],
  change(from, to, facts, purpose) {
    // Options can be added and dropped only once.
    const moved = list(from, 'options').map(nameIn).join() !== list(to, 'options').map(nameIn).join()
    if (purpose === 'migration' && moved) return undefined
    // It can be another, and cannot be none.
    const version = facts.includes('version') ? text(to, 'version') : undefined
    const known = ['options', 'comment', ...(version === undefined ? [] : ['version'])]
    if (!onlyFacts(facts, known) || hides(from) || hides(to)) {
      return onlyFacts(facts, ['comment']) ? [step(commentStatement(to))] : undefined
    }
    return [
      ...(version === undefined ? [] : [step(`ALTER ${reference(to)} VERSION ${pg.escapeLiteral(version)}`)]),
      ...(facts.includes('options') ? [step(`ALTER ${reference(to)} OPTIONS (${optionChanges(from, to)})`)] : []),
      ...(facts.includes('comment') ? [step(commentStatement(to))] : []),
    ]
  },
}

/** Nothing is stored in it here: where its columns differ it is made anew. */
const foreignTable: Repairer = {
  ...foreign,
  change(from, to, facts, purpose, sides) {
    if (onlyFacts(facts, ['options', 'comment'])) return foreign.change(from, to, facts, purpose, sides)
    if (hides(from) || hides(to)) return undefined
    // What is missing in it has a repair of its own.
    const there = new Set(sides.from.within.map(objectKey))
    const within = sides.to.within.filter((each) => there.has(objectKey(each)))
    const create = createStatements({ object: to, within }).map((sql) => step(sql))
    return [{ ...dropIt(from), hazards: [HAZARD.dependents, HAZARD.oneTransaction] }, ...create]
  },
}

/** How a role logs in elsewhere is not read: none is made. */
const userMapping: Repairer = {
  create: () => undefined,
  drop: ({ object }) => [dropMapping(object)],
  change: () => undefined,
}

const database: Repairer = {
  create: () => undefined,
  drop: () => undefined,
  change(from, to, facts) {
    const [before, after] = [list(from, 'settings'), list(to, 'settings')]
    if (!onlyFacts(facts, ['settings', 'comment']) || [...before, ...after].some(isHidden)) return undefined
    const comment = has(to, 'comment') ? pg.escapeLiteral(String(to.attributes.comment)).replaceAll('%', '%%') : 'NULL'
    return [
      ...databaseSettings(before, after).map((sql) => step(sql, HAZARD.newSessions)),
      ...(facts.includes('comment') ? [step(onThisDatabase(`COMMENT ON DATABASE %I IS ${comment}`))] : []),
    ]
  },
}

/** Needs a connection, or a label provider, that nobody but a person has. */
const none: Repairer = { create: () => undefined, drop: () => undefined, change: () => undefined }

export const SURROUNDING_REPAIRERS: Record<SurroundingClass, Repairer> = {
  'foreign data wrapper': foreign,
  server: foreign,
  'user mapping': userMapping,
  'foreign table': foreignTable,
  publication,
  subscription: none,
  'security label': none,
  database,
  role,
}

function accessSteps(from: CatalogObject, to: CatalogObject): Step[] | undefined {
  return accessStatements(from, to)?.map((sql) => step(sql, HAZARD.roles))
}

function dropMapping(object: CatalogObject): Step {
  return step(`DROP USER MAPPING IF EXISTS ${nameOf(object)}`, HAZARD.loginLoss)
}

function dropIt(object: CatalogObject): Step {
  return step(`DROP ${reference(object).replace(/^((?:[A-Z]+ )+)/, '$1IF EXISTS ')}`, HAZARD.dependents)
}

function reference(object: CatalogObject): string {
  return isSurrounding(object.class) ? `${SURROUNDING_KEYWORDS[object.class]} ${nameOf(object)}` : ''
}

function nameOf(object: CatalogObject): string {
  return isSurrounding(object.class) ? surroundingName(object.class, object) : ''
}

function ifNotThere(sql: string): string {
  if (/^CREATE (?:SERVER|FOREIGN TABLE) /.test(sql))
    return sql.replace(/^CREATE (?:SERVER|FOREIGN TABLE) /, '$&IF NOT EXISTS ')
  if (!sql.startsWith('CREATE FOREIGN DATA WRAPPER ')) return sql
  return `DO $raingauge$ BEGIN ${sql}; EXCEPTION WHEN duplicate_object THEN NULL; END $raingauge$`
}

function optionChanges(from: CatalogObject, to: CatalogObject): string {
  const [before, after] = [list(from, 'options'), list(to, 'options')]
  const [had, kept] = [before.map(nameIn), after.map(nameIn)]
  return [
    ...had.filter((name) => !kept.includes(name)).map((name) => `DROP "${name.replaceAll('"', '""')}"`),
    ...after
      .filter((option) => !before.includes(option))
      .map((option) => `${had.includes(nameIn(option)) ? 'SET' : 'ADD'} ${quotedOption(option)}`),
  ].join(', ')
}

function nameIn(option: string): string {
  return option.split('=')[0] ?? ''
}

/** DROP takes the tables by name alone. */
function withoutFilters(object: CatalogObject): CatalogObject {
  const tables: Fact = list(object, 'tables').map((each) => /^(?:"(?:[^"]|"")*"|[^" ])+/.exec(each)?.[0] ?? each)
  return has(object, 'tables') ? { ...object, attributes: { ...object.attributes, tables } } : object
}

function hides(object: CatalogObject): boolean {
  return [...list(object, 'options'), ...list(object, 'columns')].some((each) => /=\(hidden\)$|'\(hidden\)'/.test(each))
}

function isHidden(option: string): boolean {
  return option.endsWith('=(hidden)')
}

// Repairs of what surrounds tables: operators, casts, text search and their like.
import type { CatalogObject } from '../catalog.ts'
import { commentStatement, createStatements } from '../ddl/create-statements.ts'
import { has, text } from '../ddl/fact-text.ts'
import { sqlName, sqlOwnName, sqlTable } from '../ddl/sql-name.ts'
import { eventTriggerFiring, ruleFiring, statisticsTarget } from '../ddl/structure-ddl.ts'
import { isStructure, STRUCTURE_KEYWORDS, structureName, type StructureClass } from '../ddl/structure-name.ts'
import { HAZARD } from '../../hazard.ts'
import { operatorFamilyChange } from './operator-family-repair.ts'
import { dropType } from './type-repair.ts'
import { idempotent, onlyFacts, step, type Repairer, type Step } from './step.ts'

/** What can be taken away and made anew: nothing is stored in it. */
const anew: Repairer = {
  create: (side, purpose) =>
    createStatements(side).map((sql) =>
      // A view that is made anew brings its rules.
      step(purpose === 'migration' || side.object.class === 'rule' ? idempotent(sql) : sql),
    ),
  drop: ({ object }) => [dropIt(object)],
  change(from, to, facts) {
    if (onlyFacts(facts, ['comment'])) return [step(commentStatement(to))]
    const others = facts.filter((fact) => fact !== 'comment')
    const setting = changedSetting(from, to, others)
    const comment = others.length < facts.length ? [step(commentStatement(to))] : []
    if (setting !== undefined) return [step(setting), ...comment]
    const create = createStatements({ object: to, within: [] }).map((sql) => step(sql))
    return [step(dropIt(from).sql, HAZARD.dependents, HAZARD.oneTransaction), ...create]
  },
}

/** What much else stands on: made where it is missing, taken away where nothing leans on it, and changed by a person. */
const standing: Repairer = { ...anew, change: onlyComment }

/** The server takes no type away that a column has. */
const type: Repairer = { ...standing, drop: dropType }

export const STRUCTURE_REPAIRERS: Record<StructureClass, Repairer> = {
  'range type': type,
  // Its functions need its shell first.
  'base type': { ...type, create: () => undefined, drop: () => undefined },
  aggregate: anew,
  rule: anew,
  'event trigger': anew,
  cast: anew,
  operator: anew,
  'operator family': { ...anew, change: operatorFamilyChange },
  'operator class': standing,
  'text search parser': standing,
  'text search template': standing,
  'text search dictionary': anew,
  'text search configuration': anew,
  'statistics object': anew,
  collation: standing,
  conversion: anew,
  language: standing,
  'access method': standing,
  transform: anew,
}

function onlyComment(_from: CatalogObject, to: CatalogObject, facts: readonly string[]): Step[] | undefined {
  return onlyFacts(facts, ['comment']) ? [step(commentStatement(to))] : undefined
}

/** The one statement that sees to it, where only a setting changed. */
function changedSetting(from: CatalogObject, to: CatalogObject, facts: readonly string[]): string | undefined {
  if (onlyFacts(facts, ['initOptions'])) return dictionaryOptions(from, to)
  if (to.class === 'statistics object' && onlyFacts(facts, ['statistics'])) return statisticsTarget(to)
  if (!onlyFacts(facts, ['firing'])) return undefined
  if (to.class === 'rule') return ruleFiring(to)[0] ?? `ALTER TABLE ${sqlTable(to)} ENABLE RULE ${sqlOwnName(to)}`
  const enable = `ALTER EVENT TRIGGER ${sqlName(to.path)} ENABLE`
  return has(to, 'firing') ? eventTriggerFiring(to)[0] : enable
}

/** The options of a text search dictionary, in their order; a name alone takes one away (manual, ALTER TEXT SEARCH DICTIONARY). */
function dictionaryOptions(from: CatalogObject, to: CatalogObject): string {
  const [before, after] = [from, to].map((each) => (text(each, 'initOptions') ?? '').match(OPTION) ?? [])
  const kept = new Set(after?.map(optionName))
  const gone = before?.map(optionName).filter((name) => !kept.has(name))
  return `ALTER TEXT SEARCH DICTIONARY ${sqlName(to.path)} (${[...(gone ?? []), ...(after ?? [])].join(', ')})`
}

const OPTION = /(?:\w+|"(?:[^"]|"")+") = (?:E?'(?:[^']|'')*'|[^,']+)/g

function optionName(option: string): string {
  return option.split(' = ')[0] ?? ''
}

function dropIt(object: CatalogObject): Step {
  const kind = object.class
  if (!isStructure(kind)) throw new TypeError(`${kind} has repairs of its own`)
  return step(`DROP ${STRUCTURE_KEYWORDS[kind]} IF EXISTS ${structureName(kind, object)}`, HAZARD.dependents)
}

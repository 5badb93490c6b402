// The DDL of what surrounds tables: operators, casts, text search and their like.
import pg from 'pg'
import type { CatalogObject } from '../catalog.ts'
import { has, list, text, words } from './fact-text.ts'
import { sqlName, sqlTable, sqlOwnName } from './sql-name.ts'
import { STRUCTURE_KEYWORDS, structureName, type StructureClass } from './structure-name.ts'
import {
  AGGREGATE_OPTIONS,
  BASE_TYPE_OPTIONS,
  OPERATOR_OPTIONS,
  options,
  PARSER_OPTIONS,
  RANGE_OPTIONS,
} from './structure-options.ts'

/** The statements that make it, without closing semicolons. */
export function structureStatements(kind: StructureClass, object: CatalogObject): string[] {
  const create = `CREATE ${STRUCTURE_KEYWORDS[kind]} ${structureName(kind, object)}`
  switch (kind) {
    case 'range type':
      return [`${create} AS RANGE (${options(object, RANGE_OPTIONS)})`]
    case 'base type':
      return [`${create} (${options(object, BASE_TYPE_OPTIONS)})`]
    case 'aggregate':
      return [`CREATE AGGREGATE ${sqlName(object.path)}(${text(object, 'arguments')}) (${aggregateOptions(object)})`]
    case 'rule':
      return [text(object, 'definition') ?? '', ...ruleFiring(object)]
    case 'event trigger': {
      const tags = list(object, 'tags').map(pg.escapeLiteral).join(', ')
      const when = tags === '' ? '' : ` WHEN TAG IN (${tags})`
      const does = `EXECUTE FUNCTION ${text(object, 'function')}()`
      return [`${create} ON ${text(object, 'event')}${when} ${does}`, ...eventTriggerFiring(object)]
    }
    case 'cast':
      return [words(create, text(object, 'method'), text(object, 'context'))]
    case 'operator':
      return [`CREATE OPERATOR ${sqlName(object.path.slice(0, 1))}.${object.path[1]} (${operatorOptions(object)})`]
    case 'operator family': {
      const members = list(object, 'members')
      const add = `ALTER OPERATOR FAMILY ${structureName(kind, object)} ADD ${members.join(', ')}`
      return [create, ...(members.length > 0 ? [add] : [])]
    }
    case 'operator class':
      return [createOperatorClass(object)]
    case 'text search parser':
      return [`${create} (${options(object, PARSER_OPTIONS)})`]
    case 'text search template':
      return [
        `${create} (${options(object, [
          ['INIT', 'init'],
          ['LEXIZE', 'lexize'],
        ])})`,
      ]
    case 'text search dictionary': {
      const given = has(object, 'initOptions') ? `, ${text(object, 'initOptions')}` : ''
      return [`${create} (TEMPLATE = ${text(object, 'template')}${given})`]
    }
    case 'text search configuration': {
      const alter = `ALTER TEXT SEARCH CONFIGURATION ${sqlName(object.path)} ADD MAPPING FOR`
      return [
        `${create} (PARSER = ${text(object, 'parser')})`,
        ...list(object, 'mappings').map((each) => `${alter} ${each}`),
      ]
    }
    case 'statistics object':
      return [text(object, 'definition') ?? '', ...(has(object, 'statistics') ? [statisticsTarget(object)] : [])]
    case 'collation':
      return [`${create} (${collationOptions(object)})`]
    case 'conversion': {
      const [from, to] = [text(object, 'from') ?? '', text(object, 'to') ?? ''].map(pg.escapeLiteral)
      const isDefault = has(object, 'isDefault') ? 'DEFAULT ' : ''
      return [
        `CREATE ${isDefault}CONVERSION ${sqlName(object.path)} FOR ${from} TO ${to} FROM ${text(object, 'function')}`,
      ]
    }
    case 'language': {
      const trusted = has(object, 'trusted') ? 'TRUSTED ' : ''
      const inline = has(object, 'inline') && `INLINE ${text(object, 'inline')}`
      const validator = has(object, 'validator') && `VALIDATOR ${text(object, 'validator')}`
      return [
        words(
          `CREATE ${trusted}LANGUAGE ${sqlName(object.path)} HANDLER ${text(object, 'handler')}`,
          inline,
          validator,
        ),
      ]
    }
    case 'access method':
      return [`${create} TYPE ${text(object, 'type')} HANDLER ${text(object, 'handler')}`]
    case 'transform': {
      const from = has(object, 'fromSql') ? [`FROM SQL WITH FUNCTION ${text(object, 'fromSql')}`] : []
      const to = has(object, 'toSql') ? [`TO SQL WITH FUNCTION ${text(object, 'toSql')}`] : []
      return [`${create} (${[...from, ...to].join(', ')})`]
    }
    default:
      return kind satisfies never
  }
}

function aggregateOptions(aggregate: CatalogObject): string {
  const hypothetical = text(aggregate, 'kind') === 'hypothetical' ? ', HYPOTHETICAL' : ''
  return options(aggregate, AGGREGATE_OPTIONS) + hypothetical
}

function operatorOptions(operator: CatalogObject): string {
  const [left = 'NONE', right = 'NONE'] = (operator.signature ?? '').split(', ')
  const sides = [`FUNCTION = ${text(operator, 'function')}`]
  if (left !== 'NONE') sides.push(`LEFTARG = ${left}`)
  if (right !== 'NONE') sides.push(`RIGHTARG = ${right}`)
  const more = options(operator, OPERATOR_OPTIONS)
  return more === '' ? sides.join(', ') : `${sides.join(', ')}, ${more}`
}

function createOperatorClass(operatorClass: CatalogObject): string {
  const isDefault = has(operatorClass, 'isDefault') ? ' DEFAULT' : ''
  const storage = has(operatorClass, 'storage') ? [`STORAGE ${text(operatorClass, 'storage')}`] : []
  const members = [...list(operatorClass, 'members'), ...storage]
  // Something must follow AS; to store what it indexes says nothing.
  const content = members.length > 0 ? members : [`STORAGE ${text(operatorClass, 'type')}`]
  return (
    `CREATE OPERATOR CLASS ${sqlName(operatorClass.path)}${isDefault} FOR TYPE ${text(operatorClass, 'type')} ` +
    `USING ${sqlName([operatorClass.signature ?? ''])} FAMILY ${sqlName(list(operatorClass, 'family'))} AS ${content.join(', ')}`
  )
}

function collationOptions(collation: CatalogObject): string {
  const given = options(collation, [
    ['PROVIDER', 'provider'],
    ['LOCALE', 'locale', 'literal'],
    ['LC_COLLATE', 'lcCollate', 'literal'],
    ['LC_CTYPE', 'lcCtype', 'literal'],
    ['RULES', 'rules', 'literal'],
  ])
  return has(collation, 'nondeterministic') ? `${given}, DETERMINISTIC = false` : given
}

/** Whether and when a rule fires; nothing where it always did. */
export function ruleFiring(rule: CatalogObject): string[] {
  const firing = text(rule, 'firing')
  return firing === undefined ? [] : [`ALTER TABLE ${sqlTable(rule)} ${firing} RULE ${sqlOwnName(rule)}`]
}

/** Whether and when an event trigger fires; nothing where it always did. */
export function eventTriggerFiring(trigger: CatalogObject): string[] {
  const firing = text(trigger, 'firing')
  return firing === undefined ? [] : [`ALTER EVENT TRIGGER ${sqlName(trigger.path)} ${firing}`]
}

/** Sets how much ANALYZE looks at, or takes it back where nothing is set. */
export function statisticsTarget(statistics: CatalogObject): string {
  return `ALTER STATISTICS ${sqlName(statistics.path)} SET STATISTICS ${text(statistics, 'statistics') ?? '-1'}`
}

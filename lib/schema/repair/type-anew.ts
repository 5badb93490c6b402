// An enum cannot lose a label, nor move one, and a domain get another base: they are made anew, and what is stored goes over by its text.
import { HAZARD } from '../../hazard.ts'
import { objectKey, qualifiedName, type Catalog, type CatalogObject } from '../catalog.ts'
import { createStatements } from '../ddl/create-statements.ts'
import { has, list, text } from '../ddl/fact-text.ts'
import { sqlName, sqlOwnName, sqlTable } from '../ddl/sql-name.ts'
import { sqlReference } from '../ddl/sql-reference.ts'
import type { Difference } from '../difference.ts'
import { namesIn } from './names-in.ts'
import { step, type Step } from './step.ts'
import { mentions } from './unused-anew.ts'

const KINDS: ReadonlySet<string> = new Set(['enum', 'domain'])

/**
 * The steps for an enum or a domain of the catalog; `rights`: those that the type has. undefined: something else than columns uses it, or
 * something uses the columns that does not let their type change.
 */
export function typeAnew(
  difference: Difference,
  differences: readonly Difference[],
  { objects }: Catalog,
  rights: readonly string[],
): Step[] | undefined {
  if (difference.kind !== 'changed' || !KINDS.has(difference.actual.object.class)) return undefined
  const [from, to] = [difference.actual.object, difference.expected.object]
  const [kind] = sqlReference(from).split(' ')
  const name = qualifiedName(from.path)
  const users = objects.filter((each) => each !== from && each.class !== 'role' && mentions(each, name))
  if (!users.every((each) => isPlainColumn(each, name, to))) return undefined
  // What is renamed, or goes itself, has another name by then, or is no more.
  const moving = differences.flatMap((each) => {
    if (each.kind === 'renamed') return [each.actual.object, ...each.actual.within]
    return each.kind === 'unexpected' ? [each.actual.object, ...each.actual.within] : []
  })
  const away = new Set(moving.map((each) => objectKey(each)))
  if (users.some((each) => away.has(objectKey(each)) || away.has(each.parent ?? ''))) return undefined
  if (users.some((column) => objects.some((each) => holds(each, column)))) return undefined
  const old = `${from.path[1] ?? ''}_before`
  if (objects.some(({ path }) => path[0] === from.path[0] && path[1] === old)) return undefined
  const withDefault = users.filter((each) => has(each, 'default'))
  return [
    ...withDefault.map((each) => step(`${alter(each)} DROP DEFAULT`, HAZARD.shortLock, HAZARD.oneTransaction)),
    step(`ALTER ${kind} ${sqlName(from.path)} RENAME TO ${sqlName([old])}`),
    ...createStatements({ object: to, within: [] }).map((sql) => step(sql)),
    ...users.filter((each) => !has(each, 'inherited')).map((each) => goOver(each, to)),
    ...withDefault.map((each) => step(`${alter(each)} SET DEFAULT ${text(each, 'default')}`)),
    step(`DROP ${kind} ${sqlName([from.path[0] ?? '', old])}`),
    ...rights.map((sql) => step(sql)),
  ]
}

function alter(column: CatalogObject): string {
  return `ALTER TABLE ${sqlTable(column)} ALTER COLUMN ${sqlOwnName(column)}`
}

function goOver(column: CatalogObject, type: CatalogObject): Step {
  const array = isArray(column) ? '[]' : ''
  const stored = `${sqlOwnName(column)}::pg_catalog.text${array}`
  // Cast in so many words, a text that is too long would be cut off.
  const isText = text(type, 'type')?.startsWith('character') === true && array === ''
  const cast = isText ? stored : `${stored}::${sqlName(type.path)}${array}`
  const sql = `${alter(column)} SET DATA TYPE ${sqlName(type.path)}${array} USING ${cast}`
  return step(sql, HAZARD.rewrite, HAZARD.rowsInTheWay)
}

function isArray(column: CatalogObject): boolean {
  return text(column, 'type')?.endsWith('[]') === true
}

/** Only its type, and a default that is one of the labels or a literal, mention the type. */
function isPlainColumn(object: CatalogObject, name: string, type: CatalogObject): boolean {
  if (object.class !== 'column' || object.parent?.startsWith('table ') !== true || has(object, 'generated'))
    return false
  const fact = text(object, 'default')
  if (fact === undefined) return true
  if (type.class === 'domain') return /^(?:'(?:[^']|'')*'(?:::.*)?|-?\d+(?:\.\d+)?)$/.test(fact)
  const [, label] = /^'((?:[^']|'')*)'::/.exec(fact) ?? []
  if (label === undefined || !mentions({ ...object, attributes: { fact } }, name)) return false
  return isArray(object) ? label === '{}' : list(type, 'labels').includes(label.replaceAll("''", "'"))
}

/** True for what keeps the type of a column as it is: the server refuses to change it then, or nothing fits any more. */
function holds(object: CatalogObject, column: CatalogObject): boolean {
  if (object === column || !HOLDING.has(object.class)) return false
  // Most of a catalog: their names are not looked for.
  if (object.class === 'column' && !has(object, 'generated')) return false
  if (object.class === 'constraint' && text(object, 'kind') !== 'FOREIGN KEY') return false
  const [, table = '', name = ''] = column.path
  const names = namesIn(object)
  if (!names.has(name)) return false
  if (objectKey(object) === column.parent) return has(object, 'partitionKey')
  if (object.class === 'column') return object.parent === column.parent
  return object.parent === column.parent || names.has(table)
}

const HOLDING: ReadonlySet<string> = new Set(
  'table,column,constraint,view,materialized view,policy,trigger,rule,function,procedure,publication,statistics object'.split(
    ',',
  ),
)

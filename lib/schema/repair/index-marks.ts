// What a table says of one of its indexes, be it a constraint's or not, and what can be set on it where it stands.
import pg from 'pg'
import { HAZARD } from '../../hazard.ts'
import type { CatalogObject } from '../catalog.ts'
import { has, list, text } from '../ddl/fact-text.ts'
import { sqlIndex, sqlOwnName, sqlTable } from '../ddl/sql-name.ts'
import { step, type Step } from './step.ts'
import { optionSteps } from './table-repair.ts'

/** Facts that {@link markSteps} can change. */
export const MARKS: readonly string[] = ['clustered', 'replicaIdentity', 'options', 'indexComment', 'statistics']

/** From one state of an index to the other, for those of `facts` that are in {@link MARKS}. */
export function markSteps(from: CatalogObject, to: CatalogObject, facts: readonly string[]): Step[] {
  return facts.flatMap((fact) => markStep(from, to, fact))
}

function markStep(from: CatalogObject, to: CatalogObject, fact: string): Step[] {
  const [table, name, index] = [sqlTable(to), sqlOwnName(to), sqlIndex(to)]
  const words = text(to, fact)
  switch (fact) {
    case 'clustered':
      if (has(to, fact)) return [step(`ALTER TABLE ${table} CLUSTER ON ${name}`, HAZARD.shortLock)]
      return [unmark(index, 'indisclustered', `ALTER TABLE ${table} SET WITHOUT CLUSTER`)]
    case 'replicaIdentity':
      if (has(to, fact)) return [step(`ALTER TABLE ${table} REPLICA IDENTITY USING INDEX ${name}`, HAZARD.shortLock)]
      return [unmark(index, 'indisreplident', `ALTER TABLE ${table} REPLICA IDENTITY DEFAULT`)]
    case 'options':
      return optionSteps(list(from, fact), list(to, fact), `ALTER INDEX ${index}`)
    case 'indexComment':
      return [step(`COMMENT ON INDEX ${index} IS ${words === undefined ? 'NULL' : pg.escapeLiteral(words)}`)]
    case 'statistics':
      return targets(from, to).map(([column, target]) =>
        step(`ALTER INDEX ${index} ALTER COLUMN ${column} SET STATISTICS ${target}`),
      )
    default:
      return []
  }
}

/** Another index may have the mark by now: only one of a table can. */
function unmark(index: string, column: string, statement: string): Step {
  const marked = `SELECT FROM pg_catalog.pg_index x WHERE x.indexrelid = ${pg.escapeLiteral(index)}::pg_catalog.regclass AND x.${column}`
  return step(`DO $raingauge$ BEGIN IF EXISTS (${marked}) THEN ${statement}; END IF; END $raingauge$`, HAZARD.shortLock)
}

/** Kept as `column: target`. */
function targets(from: CatalogObject, to: CatalogObject): [column: string, target: string][] {
  const [before, after] = [from, to].map(
    (each) => new Map(list(each, 'statistics').map((entry) => entry.split(': ') as [string, string])),
  ) as [Map<string, string>, Map<string, string>]
  const gone = [...before.keys()]
    .filter((column) => !after.has(column))
    .map((column): [string, string] => [column, '-1'])
  return [...gone, ...[...after].filter(([column, target]) => before.get(column) !== target)]
}

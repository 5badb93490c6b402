import type { CatalogObject } from '../catalog.ts'
import { commentStatement } from '../ddl/create-statements.ts'
import { list } from '../ddl/fact-text.ts'
import { sqlReference } from '../ddl/sql-reference.ts'
import { HAZARD } from '../../hazard.ts'
import { onlyFacts, step, unlessThat, type Purpose, type Step } from './step.ts'

/** Operator families: what no class of theirs brought can be added and dropped (manual, ALTER OPERATOR FAMILY). */
export function operatorFamilyChange(
  from: CatalogObject,
  to: CatalogObject,
  facts: readonly string[],
  purpose: Purpose,
): Step[] | undefined {
  if (!onlyFacts(facts, ['members', 'comment'])) return undefined
  const alter = `ALTER ${sqlReference(to)}`
  const [before, after] = [list(from, 'members'), list(to, 'members')]
  const once = (condition: string, sql: string): string => (purpose === 'migration' ? unlessThat(condition, sql) : sql)
  return [
    ...before
      .filter((each) => !after.includes(each))
      .map((each) => step(once('undefined_object', `${alter} DROP ${slotOf(each)}`), HAZARD.dependents)),
    ...after
      .filter((each) => !before.includes(each))
      .map((each) => step(once('duplicate_object', `${alter} ADD ${each}`))),
    ...(facts.includes('comment') ? [step(commentStatement(to))] : []),
  ]
}

/** DROP names a member by its number and types: `OPERATOR 1 (integer,bigint)`. */
function slotOf(member: string): string {
  const [, what = '', types = ''] = /^(\w+ \d+) [^(]*(\((?:"(?:[^"]|"")*"|[^")])*\))/.exec(member) ?? []
  return `${what} ${types}`
}

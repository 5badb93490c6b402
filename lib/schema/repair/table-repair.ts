import type { CatalogObject } from '../catalog.ts'
import { commentStatement, createStatements } from '../ddl/create-statements.ts'
import { has, list, text } from '../ddl/fact-text.ts'
import { sqlName } from '../ddl/sql-name.ts'
import { quoteOption } from '../ddl/table-ddl.ts'
import { HAZARD } from '../../hazard.ts'
import { idempotent, onlyFacts, step, type Repairer, type Step } from './step.ts'

/** Tables. None is ever dropped, and partitions and their like take a person. */
export const tableRepair: Repairer = {
  create(side, purpose) {
    const odd = ['inherits', 'partitionKey', 'partitionBound', 'ofType', 'accessMethod', 'tablespace']
    if (odd.some((fact) => has(side.object, fact)) || purpose === 'migration') return undefined
    if (list(side.object, 'options').some((option) => option.startsWith('toast.'))) return undefined
    return createStatements(side).map((sql) => step(idempotent(sql), HAZARD.comesBackEmpty))
  },
  drop: () => undefined,
  change(from, to, facts) {
    const changeable = ['rowSecurity', 'forceRowSecurity', 'unlogged', 'options', 'replicaIdentity', 'comment']
    if (!onlyFacts(facts, changeable)) return undefined
    return facts.flatMap((fact) => change(from, to, fact))
  },
}

function change(from: CatalogObject, to: CatalogObject, fact: string): Step[] {
  const alter = `ALTER TABLE ${sqlName(to.path)}`
  switch (fact) {
    case 'rowSecurity':
      return has(to, fact)
        ? [step(`${alter} ENABLE ROW LEVEL SECURITY`, HAZARD.shortLock, HAZARD.hidesRows)]
        : [step(`${alter} DISABLE ROW LEVEL SECURITY`, HAZARD.shortLock, HAZARD.showsRows)]
    case 'forceRowSecurity':
      return [step(`${alter} ${has(to, fact) ? 'FORCE' : 'NO FORCE'} ROW LEVEL SECURITY`, HAZARD.shortLock)]
    case 'unlogged':
      return [step(`${alter} SET ${has(to, fact) ? 'UNLOGGED' : 'LOGGED'}`, HAZARD.rewrite)]
    case 'options':
      return optionSteps(list(from, fact), list(to, fact), alter)
    case 'replicaIdentity':
      return [step(`${alter} REPLICA IDENTITY ${text(to, fact) ?? 'DEFAULT'}`, HAZARD.shortLock)]
    default:
      return [step(commentStatement(to))]
  }
}

/** Sets and resets storage parameters. */
export function optionSteps(from: readonly string[], to: readonly string[], alter: string): Step[] {
  const kept = new Set(to.map(nameOf))
  const gone = from.map(nameOf).filter((name) => !kept.has(name))
  const set = to.filter((option) => !from.includes(option)).map(quoteOption)
  return [
    ...(gone.length > 0 ? [step(`${alter} RESET (${gone.join(', ')})`)] : []),
    ...(set.length > 0 ? [step(`${alter} SET (${set.join(', ')})`)] : []),
  ]
}

function nameOf(option: string): string {
  return option.split('=')[0] ?? ''
}

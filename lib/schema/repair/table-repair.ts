import { HAZARD } from '../../hazard.ts'
import type { CatalogObject } from '../catalog.ts'
import { commentStatement, createStatements } from '../ddl/create-statements.ts'
import { has, list, text } from '../ddl/fact-text.ts'
import { sqlName } from '../ddl/sql-name.ts'
import { quoteOption } from '../ddl/quote-option.ts'
import { isAttachment, attachmentSteps } from './attachment-repair.ts'
import { idempotent, onlyFacts, step, unlessThat, whereMissing, type Repairer, type Step } from './step.ts'

const CHANGEABLE = [
  'rowSecurity',
  'forceRowSecurity',
  'unlogged',
  'options',
  'replicaIdentity',
  'ofType',
  'accessMethod',
  'comment',
]

/** Tables, partitions among them. */
export const tableRepair: Repairer = {
  create(side, purpose) {
    if (has(side.object, 'tablespace')) return undefined
    const statements = createStatements(side)
    if (purpose === 'migration') return [step(whereMissing(`to_regclass`, sqlName(side.object.path), statements))]
    return statements.map((sql) => step(idempotent(sql), HAZARD.comesBackEmpty))
  },
  drop: ({ object }) => [
    step(`DROP TABLE IF EXISTS ${sqlName(object.path)}`, HAZARD.dataLoss, HAZARD.dependents, HAZARD.shortLock),
  ],
  change(from, to, facts, purpose) {
    const settings = facts.filter((fact) => !isAttachment(fact))
    if (!onlyFacts(settings, CHANGEABLE)) return undefined
    const attached = settings.length === facts.length ? [] : attachmentSteps(from, to, purpose)
    return attached && [...attached, ...settings.flatMap((fact) => change(from, to, fact))]
  },
}

function change(from: CatalogObject, to: CatalogObject, fact: string): Step[] {
  const alter = `ALTER TABLE ${sqlName(to.path)}`
  const words = text(to, fact)
  switch (fact) {
    case 'rowSecurity':
      return has(to, fact)
        ? [step(`${alter} ENABLE ROW LEVEL SECURITY`, HAZARD.shortLock, HAZARD.hidesRows)]
        : [step(`${alter} DISABLE ROW LEVEL SECURITY`, HAZARD.shortLock, HAZARD.showsRows)]
    case 'forceRowSecurity':
      return has(to, fact)
        ? [step(`${alter} FORCE ROW LEVEL SECURITY`, HAZARD.shortLock, HAZARD.hidesRows)]
        : [step(`${alter} NO FORCE ROW LEVEL SECURITY`, HAZARD.shortLock, HAZARD.showsRows)]
    case 'unlogged':
      return has(to, fact)
        ? [step(`${alter} SET UNLOGGED`, HAZARD.rewrite, HAZARD.crashLoss)]
        : [step(`${alter} SET LOGGED`, HAZARD.rewrite)]
    case 'options':
      return optionSteps(list(from, fact), list(to, fact), alter)
    case 'replicaIdentity':
      return [step(`${alter} REPLICA IDENTITY ${words ?? 'DEFAULT'}`, HAZARD.shortLock)]
    case 'ofType':
      if (words !== undefined) return [step(`${alter} OF ${words}`, HAZARD.shortLock)]
      return [step(unlessThat('wrong_object_type', `${alter} NOT OF`), HAZARD.shortLock)]
    case 'accessMethod':
      return [step(`${alter} SET ACCESS METHOD ${sqlName([words ?? 'heap'])}`, HAZARD.rewrite)]
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

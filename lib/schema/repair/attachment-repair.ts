// Partitions and tables that inherit: what they are a part of.
import { HAZARD } from '../../hazard.ts'
import type { CatalogObject } from '../catalog.ts'
import { has, list, text } from '../ddl/fact-text.ts'
import { sqlName } from '../ddl/sql-name.ts'
import { step, unlessThat, type Purpose, type Step } from './step.ts'

const ATTACHMENT = ['inherits', 'partitionBound']

/** True for the facts that {@link attachmentSteps} sees to. */
export function isAttachment(fact: string): boolean {
  return ATTACHMENT.includes(fact)
}

/** Detaches a table from what it is a part of, and attaches it to what it should be. undefined: this takes a person. */
export function attachmentSteps(from: CatalogObject, to: CatalogObject, purpose: Purpose): Step[] | undefined {
  const [before, after] = [list(from, 'inherits'), list(to, 'inherits')]
  const name = sqlName(to.path)
  if (!has(from, 'partitionBound') && !has(to, 'partitionBound')) return inheritanceSteps(name, before, after, purpose)
  const bound = text(to, 'partitionBound')
  if ((before.length > 0 && !has(from, 'partitionBound')) || (after.length > 0 && bound === undefined)) return undefined
  const twice = (condition: string, sql: string): string => (purpose === 'migration' ? unlessThat(condition, sql) : sql)
  return [
    ...before.map((parent) =>
      step(
        // What PL/pgSQL calls "is not a partition of" (tablecmds.c).
        twice('undefined_table', `ALTER TABLE ${parent} DETACH PARTITION ${name}`),
        HAZARD.shortLock,
        bound === undefined ? HAZARD.rowsLeave : HAZARD.oneTransaction,
      ),
    ),
    ...after.map((parent) =>
      step(twice('wrong_object_type', `ALTER TABLE ${parent} ATTACH PARTITION ${name} ${bound}`), HAZARD.scan),
    ),
  ]
}

function inheritanceSteps(
  name: string,
  before: readonly string[],
  after: readonly string[],
  purpose: Purpose,
): Step[] | undefined {
  const kept = before.filter((parent) => after.includes(parent))
  if (purpose === 'migration' || kept.some((parent, index) => parent !== after[index])) return undefined
  const gone = before.filter((parent) => !after.includes(parent))
  return [
    ...gone.map((parent) => step(`ALTER TABLE ${name} NO INHERIT ${parent}`, HAZARD.shortLock, HAZARD.rowsLeave)),
    ...after.slice(kept.length).map((parent) => step(`ALTER TABLE ${name} INHERIT ${parent}`, HAZARD.shortLock)),
  ]
}

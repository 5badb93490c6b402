import { HAZARD } from '../../hazard.ts'
import type { CatalogObject } from '../catalog.ts'
import { commentStatement, createStatements } from '../ddl/create-statements.ts'
import { detailChanges } from '../ddl/detail-ddl.ts'
import { list } from '../ddl/fact-text.ts'
import { sqlName } from '../ddl/sql-name.ts'
import { dropType } from './type-repair.ts'
import { idempotent, onlyFacts, step, unlessThat, type Repairer, type Step } from './step.ts'

/** Composite types: attributes come at the end, go from anywhere and change in their place. */
export const compositeTypeRepair: Repairer = {
  create: (side) => createStatements(side).map((sql) => step(idempotent(sql))),
  drop: dropType,
  change(from, to, facts, purpose) {
    if (!onlyFacts(facts, ['fields', 'fieldComments', 'comment'])) return undefined
    const changes = fieldSteps(to, list(from, 'fields'), list(to, 'fields'))
    if (changes === undefined) return undefined
    const steps =
      purpose === 'database'
        ? changes
        : changes.map(({ sql, hazards }) => step(unlessThat('duplicate_column', sql), ...hazards))
    const kept = { ...from, attributes: { fieldComments: commentsOfKept(from, to) } }
    const comments = [
      ...(facts.includes('comment') ? [commentStatement(to)] : []),
      ...(facts.includes('fieldComments') ? (detailChanges(kept, to) ?? []) : []),
    ]
    return [...steps, ...comments.map((sql) => step(sql))]
  },
}

/** A field that goes takes its comment along. */
function commentsOfKept(from: CatalogObject, to: CatalogObject): string[] {
  const names = new Set(list(to, 'fields').map(nameOf))
  return list(from, 'fieldComments').filter((each) => names.has(nameOf(each).replace(/:$/, '')))
}

/** undefined where the order of what stays is another. */
function fieldSteps(type: CatalogObject, from: readonly string[], to: readonly string[]): Step[] | undefined {
  const alter = `ALTER TYPE ${sqlName(type.path)}`
  const [before, after] = [from.map(nameOf), to.map(nameOf)]
  const kept = before.filter((name) => after.includes(name))
  if (kept.some((name, index) => name !== after[index])) return undefined
  const changed = to.filter((field) => kept.includes(nameOf(field)) && !from.includes(field))
  return [
    ...before
      .filter((name) => !after.includes(name))
      .map((name) => step(`${alter} DROP ATTRIBUTE IF EXISTS ${name}`, HAZARD.dataLoss, HAZARD.dependents)),
    ...changed.map((field) => {
      const name = nameOf(field)
      return step(`${alter} ALTER ATTRIBUTE ${name} TYPE${field.slice(name.length)}`, HAZARD.dependents)
    }),
    ...to.slice(kept.length).map((field) => step(`${alter} ADD ATTRIBUTE ${field}`, HAZARD.dependents)),
  ]
}

/** Kept as `name type`, the name quoted where it must be. */
function nameOf(field: string): string {
  return /^(?:"(?:[^"]|"")*"|\S+)/.exec(field)?.[0] ?? field
}

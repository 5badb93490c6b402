import type { CatalogObject } from '../catalog.ts'
import { commentStatement, createStatements } from '../ddl/create-statements.ts'
import { has } from '../ddl/fact-text.ts'
import { sqlIndex } from '../ddl/sql-name.ts'
import { HAZARD } from '../../hazard.ts'
import { MARKS, markSteps } from './index-marks.ts'
import { idempotent, onlyFacts, step, type Purpose, type Repairer, type Step } from './step.ts'

/** Indexes; those of partitioned tables with all that the partitions have of it, and not concurrently, which the server refuses there. */
export const indexRepair: Repairer = {
  create({ object }, purpose) {
    return restorable(object) ? make(object, purpose) : undefined
  },
  drop({ object }, purpose) {
    return has(object, 'partOf') ? undefined : [drop(object, purpose)]
  },
  change(from, to, facts, purpose) {
    if (onlyFacts(facts, ['comment'])) return [step(commentStatement(to))]
    // The server sets no parameter of the index of a partitioned table.
    if (onlyFacts(facts, MARKS) && !(isOfParent(to) && facts.includes('options'))) return markSteps(from, to, facts)
    if (onlyFacts(facts, ['invalid']) && !has(to, 'invalid') && purpose === 'database' && !isOfParent(to)) {
      const sql = `REINDEX INDEX CONCURRENTLY ${sqlIndex(to)}`
      return [step(sql, HAZARD.noTransaction, ...(has(to, 'unique') ? [HAZARD.duplicates] : []))]
    }
    if (!restorable(from) && !onlyFacts(facts, ['invalid'])) return undefined
    return restorable(to) ? [drop(from, purpose), ...make(to, purpose)] : undefined
  },
}

function restorable(index: CatalogObject): boolean {
  return ['partOf', 'tablespace', 'invalid'].every((fact) => !has(index, fact))
}

/** pg_get_indexdef writes ONLY for the index of a partitioned table. */
function isOfParent(index: CatalogObject): boolean {
  return / ON ONLY /.test(index.definition ?? '')
}

function drop(index: CatalogObject, purpose: Purpose): Step {
  return purpose === 'database' && !isOfParent(index)
    ? step(`DROP INDEX CONCURRENTLY IF EXISTS ${sqlIndex(index)}`, HAZARD.noTransaction)
    : step(`DROP INDEX IF EXISTS ${sqlIndex(index)}`, HAZARD.shortLock)
}

function make(index: CatalogObject, purpose: Purpose): Step[] {
  const unique = has(index, 'unique') ? [HAZARD.duplicates] : []
  return createStatements({ object: index, within: [] }).map((sql) => {
    if (!/^CREATE (UNIQUE )?INDEX /.test(sql)) return step(sql)
    if (purpose === 'migration' || isOfParent(index)) return step(idempotent(sql), HAZARD.blocksWrites, ...unique)
    // A materialized view that is made anew brings its indexes.
    const unlessThere = index.parent?.startsWith('materialized view ') === true ? 'IF NOT EXISTS ' : ''
    const concurrently = sql.replace(/^CREATE (UNIQUE )?INDEX /, `$&CONCURRENTLY ${unlessThere}`)
    return step(concurrently, HAZARD.noTransaction, ...unique)
  })
}

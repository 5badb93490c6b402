import type { CatalogObject } from '../catalog.ts'
import { sqlIndex, sqlName, sqlOwnName, sqlTable } from '../ddl/sql-name.ts'
import { HAZARD, step, type Purpose, type Step } from './step.ts'

const HAZARDS = [HAZARD.shortLock, 'whatever still uses the other name fails from then on']

/**
 * Gives what is called as `from` the name of `to`; both live in the same schema or table. `migration`: does nothing where it is
 * so already. undefined: this takes a person.
 */
export function renameSteps(from: CatalogObject, to: CatalogObject, purpose: Purpose): Step[] | undefined {
  const rename = `RENAME TO ${sqlOwnName(to)}`
  const unless = purpose === 'migration' ? ' IF EXISTS' : ''
  switch (from.class) {
    case 'table':
    case 'view':
    case 'materialized view':
    case 'sequence':
      return [step(`ALTER ${from.class.toUpperCase()}${unless} ${sqlName(from.path)} ${rename}`, ...HAZARDS)]
    case 'index':
      return [step(`ALTER INDEX${unless} ${sqlIndex(from)} ${rename}`, ...HAZARDS)]
    case 'schema':
      return [unlessGone(`ALTER SCHEMA ${sqlName(from.path)} ${rename}`, 'invalid_schema_name', purpose)]
    case 'enum':
      return [unlessGone(`ALTER TYPE ${sqlName(from.path)} ${rename}`, 'undefined_object', purpose)]
    case 'domain':
      return [unlessGone(`ALTER DOMAIN ${sqlName(from.path)} ${rename}`, 'undefined_object', purpose)]
    case 'trigger':
    case 'policy': {
      const what = `${from.class.toUpperCase()} ${sqlOwnName(from)} ON ${sqlTable(from)}`
      return [unlessGone(`ALTER ${what} ${rename}`, 'undefined_object', purpose)]
    }
    case 'column': {
      const what = `COLUMN ${sqlOwnName(from)} TO ${sqlOwnName(to)}`
      return [unlessGone(`ALTER TABLE ${sqlTable(from)} RENAME ${what}`, 'undefined_column', purpose)]
    }
    case 'constraint': {
      const what = `CONSTRAINT ${sqlOwnName(from)} TO ${sqlOwnName(to)}`
      return [unlessGone(`ALTER TABLE ${sqlTable(from)} RENAME ${what}`, 'undefined_object', purpose)]
    }
    default:
      return undefined
  }
}

/** In a migration the object may be gone already; `condition` as PL/pgSQL names it (manual, appendix A). */
function unlessGone(sql: string, condition: string, purpose: Purpose): Step {
  if (purpose === 'database') return step(sql, ...HAZARDS)
  return step(`DO $raingauge$ BEGIN ${sql}; EXCEPTION WHEN ${condition} THEN NULL; END $raingauge$`, ...HAZARDS)
}

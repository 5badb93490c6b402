import type { ObjectClass } from '../../object-class.ts'
import type { CatalogObject } from '../catalog.ts'
import { sqlIndex, sqlName, sqlOwnName, sqlTable } from '../ddl/sql-name.ts'
import { HAZARD } from '../../hazard.ts'
import { step, type Purpose, type Step } from './step.ts'

const HAZARDS = [HAZARD.shortLock, HAZARD.otherName]

type Renaming = {
  /** The statement without its `RENAME …`. */
  alter: (object: CatalogObject, unless: string) => string
  /** Between RENAME and the old name, where the statement names the table. */
  what?: string
  /** What PL/pgSQL calls the error when it is gone already (manual, appendix A); absent where the statement knows IF EXISTS. */
  gone?: string
}

const inTable = (object: CatalogObject) => `ALTER TABLE ${sqlTable(object)}`
const onTable = (object: CatalogObject) => `${sqlOwnName(object)} ON ${sqlTable(object)}`

/** What has a name of its own that nothing else is spelt with; of functions and the like the arguments are part of it. */
const RENAMINGS: Partial<Record<ObjectClass, Renaming>> = {
  table: { alter: ({ path }, unless) => `ALTER TABLE${unless} ${sqlName(path)}` },
  view: { alter: ({ path }, unless) => `ALTER VIEW${unless} ${sqlName(path)}` },
  'materialized view': { alter: ({ path }, unless) => `ALTER MATERIALIZED VIEW${unless} ${sqlName(path)}` },
  sequence: { alter: ({ path }, unless) => `ALTER SEQUENCE${unless} ${sqlName(path)}` },
  index: { alter: (index, unless) => `ALTER INDEX${unless} ${sqlIndex(index)}` },
  schema: { alter: ({ path }) => `ALTER SCHEMA ${sqlName(path)}`, gone: 'invalid_schema_name' },
  enum: { alter: ({ path }) => `ALTER TYPE ${sqlName(path)}`, gone: 'undefined_object' },
  domain: { alter: ({ path }) => `ALTER DOMAIN ${sqlName(path)}`, gone: 'undefined_object' },
  trigger: { alter: (object) => `ALTER TRIGGER ${onTable(object)}`, gone: 'undefined_object' },
  // Looks whether the new name is taken before it looks for the old one.
  policy: { alter: (object) => `ALTER POLICY ${onTable(object)}`, gone: 'undefined_object OR duplicate_object' },
  column: { alter: inTable, what: 'COLUMN', gone: 'undefined_column' },
  constraint: { alter: inTable, what: 'CONSTRAINT', gone: 'undefined_object' },
}

/** True for what a rename can be told of, and mended. */
export function canBeRenamed(kind: ObjectClass): boolean {
  return RENAMINGS[kind] !== undefined
}

/**
 * Gives what is called as `from` the name of `to`; both live in the same schema or table. `migration`: does nothing where it is
 * so already. undefined: this takes a person.
 */
export function renameSteps(from: CatalogObject, to: CatalogObject, purpose: Purpose): Step[] | undefined {
  const renaming = RENAMINGS[from.class]
  if (renaming === undefined) return undefined
  const { alter, what, gone } = renaming
  const unless = purpose === 'migration' ? ' IF EXISTS' : ''
  const old = what === undefined ? '' : `${what} ${sqlOwnName(from)} `
  const sql = `${alter(from, unless)} RENAME ${old}TO ${sqlOwnName(to)}`
  if (purpose === 'database' || gone === undefined) return [step(sql, ...HAZARDS)]
  return [step(`DO $raingauge$ BEGIN ${sql}; EXCEPTION WHEN ${gone} THEN NULL; END $raingauge$`, ...HAZARDS)]
}

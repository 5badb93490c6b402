import type { ObjectClass } from '../../object-class.ts'
import type { CatalogObject } from '../catalog.ts'
import { sqlIndex, sqlName, sqlOwnName, sqlTable } from '../ddl/sql-name.ts'
import { sqlReference } from '../ddl/sql-reference.ts'
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

/** As DROP calls it, for what knows no IF EXISTS here. */
const named = (gone: string): Renaming => ({ alter: (object) => `ALTER ${sqlReference(object)}`, gone })
const UNDEFINED = 'undefined_object OR invalid_schema_name'
const NO_FUNCTION = 'undefined_function OR invalid_schema_name'

const inTable = (object: CatalogObject) => `ALTER TABLE ${sqlTable(object)}`
const onTable = (object: CatalogObject) => `${sqlOwnName(object)} ON ${sqlTable(object)}`

/** What has a name of its own that can be changed. */
const RENAMINGS: Partial<Record<ObjectClass, Renaming>> = {
  table: { alter: ({ path }, unless) => `ALTER TABLE${unless} ${sqlName(path)}` },
  view: { alter: ({ path }, unless) => `ALTER VIEW${unless} ${sqlName(path)}` },
  'materialized view': { alter: ({ path }, unless) => `ALTER MATERIALIZED VIEW${unless} ${sqlName(path)}` },
  sequence: { alter: ({ path }, unless) => `ALTER SEQUENCE${unless} ${sqlName(path)}` },
  index: { alter: (index, unless) => `ALTER INDEX${unless} ${sqlIndex(index)}` },
  schema: { alter: ({ path }) => `ALTER SCHEMA ${sqlName(path)}`, gone: 'invalid_schema_name' },
  'foreign table': { alter: ({ path }, unless) => `ALTER FOREIGN TABLE${unless} ${sqlName(path)}` },
  enum: named(UNDEFINED),
  domain: named(UNDEFINED),
  'composite type': named(UNDEFINED),
  'range type': named(UNDEFINED),
  function: named(NO_FUNCTION),
  procedure: named(NO_FUNCTION),
  aggregate: named(NO_FUNCTION),
  collation: named(UNDEFINED),
  'statistics object': named(UNDEFINED),
  'text search dictionary': named(UNDEFINED),
  'text search configuration': named(UNDEFINED),
  'event trigger': named('undefined_object'),
  publication: named('undefined_object'),
  server: named('undefined_object'),
  rule: named('undefined_object'),
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

/** True where it has the same name in another schema. */
export function isMoved(from: CatalogObject, to: CatalogObject): boolean {
  return inSchema(from) && inSchema(to) && from.path[0] !== to.path[0] && from.path[1] === to.path[1]
}

/** True for what lives in a schema and in nothing else there. */
export function inSchema({ path, parent }: CatalogObject): boolean {
  return path.length === 2 && parent?.startsWith('schema ') === true
}

/**
 * Gives what is called as `from` the name of `to`, or the schema. `migration`: does nothing where it is so already. undefined: this
 * takes a person.
 */
export function renameSteps(from: CatalogObject, to: CatalogObject, purpose: Purpose): Step[] | undefined {
  const renaming = RENAMINGS[from.class]
  if (renaming === undefined) return undefined
  const { alter, what, gone } = renaming
  const unless = purpose === 'migration' ? ' IF EXISTS' : ''
  const old = what === undefined ? '' : `${what} ${sqlOwnName(from)} `
  const how = isMoved(from, to) ? `SET SCHEMA ${sqlName(to.path.slice(0, 1))}` : `RENAME ${old}TO ${sqlOwnName(to)}`
  const sql = `${alter(from, unless)} ${how}`
  if (purpose === 'database' || gone === undefined) return [step(sql, ...HAZARDS)]
  return [step(`DO $raingauge$ BEGIN ${sql}; EXCEPTION WHEN ${gone} THEN NULL; END $raingauge$`, ...HAZARDS)]
}

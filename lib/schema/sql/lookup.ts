// What many rows name by its object identifier alone. It is asked once and looked up here: a join in each statement costs the server more
// than all of its rows do, and no name is sent, parsed and put together again for each of the columns of a table.
import { qualifiedName } from '../catalog.ts'
import { notOfExtension, relationKey, userSchema } from './catalog-query.ts'

/** What columns, constraints, indexes, triggers and policies live in. */
export type Relation = {
  schema: string
  name: string
  /** As in pg_class (manual, 52.11). */
  kind: string
  persistence: string
  /** For people: `public.users`. */
  full: string
  /** {@link objectKey} of it. */
  key: string
}

export type Commented = 'relation' | 'constraint' | 'trigger' | 'policy' | 'function'

export type Lookup = {
  /** Undefined for what is the server's, temporary or of an extension: what lives in that is left out with it. */
  relation: (oid: number) => Relation | undefined
  /** On the object, or on one column of a relation. */
  comment: (on: Commented, oid: number, column?: number) => string | null
}

export type RelationRow = { oid: number; schema: string; name: string; kind: string; persistence: string }
export type CommentRow = { on: Commented; oid: number; column: number; words: string }

export const RELATIONS = `SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.relpersistence AS persistence
   FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${userSchema('n')} AND ${notOfExtension('pg_class', 'c.oid')}`

const COMMENTED: Readonly<Record<Commented, string>> = {
  relation: 'pg_class',
  constraint: 'pg_constraint',
  trigger: 'pg_trigger',
  policy: 'pg_policy',
  function: 'pg_proc',
}

/** Object identifiers below are the server's own (access/transam.h, FirstNormalObjectId), and it has thousands of comments. */
export const COMMENTS = `SELECT CASE d.classoid ${Object.entries(COMMENTED)
  .map(([on, catalog]) => `WHEN 'pg_catalog.${catalog}'::pg_catalog.regclass THEN '${on}'`)
  .join(' ')} END AS on, d.objoid AS oid, d.objsubid AS column, d.description AS words
   FROM pg_catalog.pg_description d WHERE d.objoid >= 16384 AND d.classoid IN (${Object.values(COMMENTED)
     .map((catalog) => `'pg_catalog.${catalog}'::pg_catalog.regclass`)
     .join(', ')})`

/** Relations that people made, for `IN`: what is in it is of no extension only where {@link Lookup.relation} knows it, too. */
export function userRelations(kinds: string): string {
  return `(SELECT r.oid FROM pg_catalog.pg_class r WHERE r.relkind IN (${kinds}) AND r.relnamespace IN ${USER_SCHEMAS})`
}

/** Schemas that people made, for `IN`. */
export const USER_SCHEMAS = `(SELECT u.oid FROM pg_catalog.pg_namespace u WHERE ${userSchema('u')})`

/** Made of the answers to {@link RELATIONS} and {@link COMMENTS}. */
export function lookupOf(relations: readonly RelationRow[], comments: readonly CommentRow[]): Lookup {
  const known = new Map<number, Relation>()
  for (const { oid, schema, name, kind, persistence } of relations) {
    const full = qualifiedName([schema, name])
    known.set(oid, { schema, name, kind, persistence, full, key: relationKey(kind, full) })
  }
  const words: Record<Commented, Map<number, string>> = {
    relation: new Map(),
    constraint: new Map(),
    trigger: new Map(),
    policy: new Map(),
    function: new Map(),
  }
  for (const row of comments) words[row.on].set(placeOf(row.oid, row.column), row.words)
  return {
    relation: (oid) => known.get(oid),
    comment: (on, oid, column = 0) => words[on].get(placeOf(oid, column)) ?? null,
  }
}

/** One number for each column of each relation: none has 2,048 of them (access/htup_details.h, MaxHeapAttributeNumber). */
export function placeOf(relation: number, column: number): number {
  return relation * 2048 + column
}

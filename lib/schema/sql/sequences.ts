import { qualifiedName } from '../catalog.ts'
import { commentOn, facts, notOfExtension, userSchema, type CatalogQuery } from './catalog-query.ts'

type SequenceRow = {
  schema: string
  name: string
  type: string
  start: string
  increment: string
  min: string
  max: string
  cache: string
  cycle: boolean
  unlogged: boolean
  owner: [schema: string, table: string, column: string] | null
  comment: string | null
}

/** Sequences, those of serial columns too; the one behind an identity column is told with its column. Never the value. */
export const sequences: CatalogQuery<SequenceRow> = {
  sql: `SELECT n.nspname AS schema, c.relname AS name, pg_catalog.format_type(s.seqtypid, NULL) AS type, s.seqstart::text AS start,
     s.seqincrement::text AS increment, s.seqmin::text AS min, s.seqmax::text AS max, s.seqcache::text AS cache,
     s.seqcycle AS cycle, c.relpersistence = 'u' AS unlogged, comment.description AS comment,
     CASE WHEN a.attname IS NOT NULL THEN ARRAY[tn.nspname, t.relname, a.attname]::text[] END AS owner
   FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
   JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace ${commentOn('pg_class', 'c.oid')}
   LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
     AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
   LEFT JOIN pg_catalog.pg_class t ON t.oid = d.refobjid
   LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
   LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
   WHERE d.deptype IS DISTINCT FROM 'i' AND ${userSchema('n')} AND ${notOfExtension('pg_class', 'c.oid')}`,
  object: ({ schema, name, owner, ...row }) => ({
    class: 'sequence',
    name: qualifiedName([schema, name]),
    path: [schema, name],
    parent: owner === null ? `schema ${qualifiedName([schema])}` : `column ${qualifiedName(owner)}`,
    attributes: facts({ ...row, ownedBy: owner }),
  }),
}

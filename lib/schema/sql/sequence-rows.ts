import { notOfExtension } from './catalog-query.ts'
import { USER_SCHEMAS } from './lookup.ts'

export type SequenceRow = {
  oid: number
  name: string
  schema: string
  quoted: string
  type: string
  start: string
  increment: string
  min: string
  max: string
  cache: string
  cycle: boolean
  persistence: string
  /** `i`: it is the column's identity; `a`: it goes when the column goes. */
  dependency: 'i' | 'a' | null
  /** The column that it belongs to. */
  relation: number | null
  position: number | null
  /** Where the dependency is `a`. */
  owner: [schema: string, table: string, column: string] | null
}

/** All sequences, those behind identity columns too: read once for both. Never the value. */
export const SEQUENCES = `SELECT c.oid, c.relname AS name, n.nspname AS schema,
     pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS quoted, pg_catalog.format_type(s.seqtypid, NULL) AS type,
     s.seqstart::text AS start, s.seqincrement::text AS increment, s.seqmin::text AS min, s.seqmax::text AS max, s.seqcache::text AS cache,
     s.seqcycle AS cycle, c.relpersistence AS persistence, d.deptype AS dependency, d.refobjid AS relation, d.refobjsubid AS position,
     CASE WHEN d.deptype = 'a' THEN (SELECT ARRAY[tn.nspname, t.relname, a.attname]::text[] FROM pg_catalog.pg_class t
       JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid
       WHERE t.oid = d.refobjid AND a.attnum = d.refobjsubid) END AS owner
   FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = s.seqrelid
     AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
   WHERE c.relnamespace IN ${USER_SCHEMAS} AND ${notOfExtension('pg_class', 'c.oid')}`

import { USER_SCHEMAS } from './lookup.ts'

export type IndexRow = {
  oid: number
  relation: number
  /** The constraint that stands on it. */
  constraint: number | null
  name: string
  /** Null where a constraint stands on it. */
  definition: string | null
  unique: boolean
  invalid: boolean
  clustered: boolean
  replicaIdentity: boolean
  options: string[] | null
  tablespace: string | null
  /** Targets of its expressions. */
  statistics: string[] | null
  partOf: string | null
}

/** All indexes, those that constraints stand on too: read once for both. */
export const INDEXES = `SELECT c.oid, x.indrelid AS relation, k.oid AS constraint, c.relname AS name,
     CASE WHEN k.oid IS NULL THEN pg_catalog.pg_get_indexdef(c.oid) END AS definition, x.indisunique AS unique,
     NOT (x.indisvalid AND x.indisready) AS invalid, x.indisclustered AS clustered, x.indisreplident AS "replicaIdentity", c.reloptions AS options,
     CASE WHEN c.reltablespace <> 0 THEN (SELECT ts.spcname FROM pg_catalog.pg_tablespace ts WHERE ts.oid = c.reltablespace) END AS tablespace,
     CASE WHEN x.indexprs IS NOT NULL THEN (SELECT pg_catalog.array_agg(a.attnum || ': ' || a.attstattarget ORDER BY a.attnum)
       FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND a.attstattarget >= 0) END AS statistics,
     CASE WHEN c.relispartition THEN (SELECT pg_catalog.quote_ident(pn.nspname) || '.' || pg_catalog.quote_ident(p.relname)
       FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class p ON p.oid = h.inhparent
       JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE h.inhrelid = c.oid) END AS "partOf"
   FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
   LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x')
   WHERE c.relnamespace IN ${USER_SCHEMAS}`

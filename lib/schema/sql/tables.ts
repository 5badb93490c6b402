import { canonicalExpression } from '../canonical-expression.ts'
import { qualifiedName } from '../catalog.ts'
import { commentOn, facts, notOfExtension, userSchema, type CatalogQuery } from './catalog-query.ts'

type TableRow = {
  schema: string
  name: string
  unlogged: boolean
  rowSecurity: boolean
  forceRowSecurity: boolean
  options: string[] | null
  replicaIdentity: string | null
  partitionKey: string | null
  partitionBound: string | null
  inherits: string[] | null
  detachPending: boolean
  ofType: string | null
  accessMethod: string | null
  tablespace: string | null
  comment: string | null
}

/** Tables, partitioned ones and partitions among them (pg_class). A replica identity that is an index is told with the index. */
export const tables: CatalogQuery<TableRow> = {
  sql: `SELECT n.nspname AS schema, c.relname AS name, c.relpersistence = 'u' AS unlogged, c.relrowsecurity AS "rowSecurity",
     c.relforcerowsecurity AS "forceRowSecurity",
     CASE WHEN c.reloptions IS NOT NULL OR toast.reloptions IS NOT NULL THEN
       ARRAY(SELECT o FROM pg_catalog.unnest(c.reloptions) o UNION ALL SELECT 'toast.' || o FROM pg_catalog.unnest(toast.reloptions) o
         ORDER BY 1) END AS options,
     CASE c.relreplident WHEN 'n' THEN 'NOTHING' WHEN 'f' THEN 'FULL' END AS "replicaIdentity",
     CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END AS "partitionKey",
     CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END AS "partitionBound",
     parents.names AS inherits,
     c.relispartition AND EXISTS (SELECT 1 FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid AND i.inhdetachpending)
       AS "detachPending",
     CASE WHEN c.reloftype <> 0 THEN pg_catalog.format_type(c.reloftype, NULL) END AS "ofType",
     CASE WHEN am.amname <> 'heap' THEN am.amname END AS "accessMethod", ts.spcname AS tablespace,
     comment.description AS comment
   FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace ${commentOn('pg_class', 'c.oid')}
   LEFT JOIN pg_catalog.pg_class toast ON toast.oid = c.reltoastrelid AND toast.reloptions IS NOT NULL
   LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
   LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace
   LEFT JOIN (SELECT i.inhrelid, pg_catalog.array_agg(pg_catalog.quote_ident(pn.nspname) || '.' || pg_catalog.quote_ident(p.relname)
       ORDER BY i.inhseqno) AS names
     FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
     JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace GROUP BY i.inhrelid) parents ON parents.inhrelid = c.oid
   WHERE c.relkind IN ('r', 'p') AND ${userSchema('n')} AND ${notOfExtension('pg_class', 'c.oid')}`,
  object: ({ schema, name, partitionKey, ...row }) => ({
    class: 'table',
    name: qualifiedName([schema, name]),
    path: [schema, name],
    parent: `schema ${qualifiedName([schema])}`,
    attributes: facts({ ...row, partitionKey: partitionKey !== null && canonicalExpression(partitionKey) }),
  }),
}

import { canonicalExpression } from '../canonical-expression.ts'
import { qualifiedName } from '../catalog.ts'
import { anyRow, facts, type CatalogGroupQuery } from './catalog-query.ts'
import { USER_SCHEMAS } from './lookup.ts'

type TableRow = {
  oid: number
  rowSecurity: boolean
  forceRowSecurity: boolean
  options: string[] | null
  replicaIdentity: string | null
  partitionKey: string | null
  partitionBound: string | null
  ofType: string | null
  accessMethod: string | null
  tablespace: string | null
}

type InheritsRow = { child: number; inherits: string[]; detachPending: boolean }

const INHERITS = `SELECT i.inhrelid AS child, pg_catalog.bool_or(i.inhdetachpending) AS "detachPending",
     pg_catalog.array_agg(pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(p.relname) ORDER BY i.inhseqno) AS inherits
   FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class p ON p.oid = i.inhparent JOIN pg_catalog.pg_namespace n ON n.oid = p.relnamespace
   WHERE p.relkind NOT IN ('i', 'I') GROUP BY i.inhrelid`

/** Tables, partitioned ones and partitions among them (pg_class). A replica identity that is an index is told with the index. */
export const tables: CatalogGroupQuery<TableRow, [InheritsRow[]]> = {
  sql: `SELECT c.oid, c.relrowsecurity AS "rowSecurity", c.relforcerowsecurity AS "forceRowSecurity",
     CASE WHEN c.reloptions IS NOT NULL OR toast.reloptions IS NOT NULL THEN
       ARRAY(SELECT o FROM pg_catalog.unnest(c.reloptions) o UNION ALL SELECT 'toast.' || o FROM pg_catalog.unnest(toast.reloptions) o
         ORDER BY 1) END AS options,
     CASE c.relreplident WHEN 'n' THEN 'NOTHING' WHEN 'f' THEN 'FULL' END AS "replicaIdentity",
     CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END AS "partitionKey",
     CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END AS "partitionBound",
     CASE WHEN c.reloftype <> 0 THEN pg_catalog.format_type(c.reloftype, NULL) END AS "ofType",
     (SELECT am.amname FROM pg_catalog.pg_am am WHERE am.oid = c.relam AND am.amname <> 'heap') AS "accessMethod",
     CASE WHEN c.reltablespace <> 0 THEN (SELECT ts.spcname FROM pg_catalog.pg_tablespace ts WHERE ts.oid = c.reltablespace) END AS tablespace
   FROM pg_catalog.pg_class c
   LEFT JOIN pg_catalog.pg_class toast ON toast.oid = c.reltoastrelid AND toast.reloptions IS NOT NULL
   WHERE c.relkind IN ('r', 'p') AND c.relnamespace IN ${USER_SCHEMAS}`,
  parts: [{ sql: INHERITS, inUse: [anyRow('pg_inherits')] }],
  objects: (rows, lookup, inherited) => {
    const parents = new Map(inherited.map(({ child, ...row }) => [child, row]))
    return rows.flatMap(({ oid, partitionKey, ...row }) => {
      const table = lookup.relation(oid)
      if (table === undefined) return []
      return {
        class: 'table' as const,
        name: table.full,
        path: [table.schema, table.name],
        parent: `schema ${qualifiedName([table.schema])}`,
        attributes: facts({
          ...row,
          unlogged: table.persistence === 'u',
          partitionKey: partitionKey !== null && canonicalExpression(partitionKey),
          comment: lookup.comment('relation', oid),
          ...parents.get(oid),
        }),
      }
    })
  },
}

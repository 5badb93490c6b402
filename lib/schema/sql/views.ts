import { canonicalExpression } from '../canonical-expression.ts'
import { qualifiedName } from '../catalog.ts'
import { columnComments, facts, notOfExtension, type CatalogQuery } from './catalog-query.ts'
import { USER_SCHEMAS } from './lookup.ts'

type ViewRow = {
  oid: number
  query: string
  columns: string[]
  columnComments: string[] | null
  columnDefaults: string[] | null
  columnSettings: string[] | null
  options: string[] | null
  unpopulated: boolean
  accessMethod: string | null
  tablespace: string | null
}

/** Views and materialized views with the query as the server writes it; pg_get_viewdef waits for locks on what the view reads. */
export const views: CatalogQuery<ViewRow> = {
  sql: `SELECT c.oid, pg_catalog.pg_get_viewdef(c.oid) AS query,
     ARRAY(SELECT pg_catalog.quote_ident(a.attname) || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
       FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) AS columns,
     ${columnComments('c.oid')} AS "columnComments",
     CASE WHEN c.relkind = 'v' THEN (SELECT pg_catalog.array_agg(pg_catalog.quote_ident(a.attname) || ': '
         || pg_catalog.pg_get_expr(d.adbin, d.adrelid) ORDER BY a.attnum)
       FROM pg_catalog.pg_attrdef d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
       WHERE d.adrelid = c.oid) END AS "columnDefaults",
     CASE WHEN c.relkind = 'm' THEN (SELECT pg_catalog.array_agg(pg_catalog.quote_ident(a.attname) || ' '
         || pg_catalog.concat_ws(', ', CASE WHEN a.attstattarget >= 0 THEN 'SET STATISTICS ' || a.attstattarget END,
           CASE WHEN a.attstorage <> t.typstorage THEN 'SET STORAGE '
             || CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END,
           CASE WHEN a.attcompression <> '' THEN 'SET COMPRESSION ' || CASE a.attcompression WHEN 'p' THEN 'pglz' ELSE 'lz4' END END,
           'SET (' || pg_catalog.array_to_string(a.attoptions, ', ') || ')') ORDER BY a.attnum)
       FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
       WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND (a.attstattarget >= 0 OR a.attstorage <> t.typstorage
         OR a.attcompression <> '' OR a.attoptions IS NOT NULL)) END AS "columnSettings",
     ARRAY(SELECT o FROM pg_catalog.unnest(c.reloptions) o ORDER BY 1) AS options, NOT c.relispopulated AS unpopulated,
     (SELECT am.amname FROM pg_catalog.pg_am am WHERE am.oid = c.relam AND am.amname <> 'heap') AS "accessMethod",
     CASE WHEN c.reltablespace <> 0 THEN (SELECT ts.spcname FROM pg_catalog.pg_tablespace ts WHERE ts.oid = c.reltablespace) END AS tablespace
   FROM pg_catalog.pg_class c WHERE c.relkind IN ('v', 'm') AND c.relnamespace IN ${USER_SCHEMAS} AND ${notOfExtension('pg_class', 'c.oid')}`,
  object: ({ oid, query, options, columnDefaults, ...row }, lookup) => {
    const view = lookup.relation(oid)
    return (
      view && {
        class: view.kind === 'v' ? 'view' : 'materialized view',
        name: view.full,
        path: [view.schema, view.name],
        parent: `schema ${qualifiedName([view.schema])}`,
        attributes: facts({
          ...row,
          query: canonicalExpression(query),
          columnDefaults: columnDefaults !== null && columnDefaults.map(canonicalExpression),
          options: (options?.length ?? 0) > 0 && options,
          comment: lookup.comment('relation', oid),
        }),
      }
    )
  },
}

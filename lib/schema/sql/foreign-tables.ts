import { canonicalExpression } from '../canonical-expression.ts'
import { qualifiedName } from '../catalog.ts'
import { anyRow, commentOn, facts, notOfExtension, userSchema, type CatalogQuery } from './catalog-query.ts'
import { optionList, shownOptions } from './hidden-values.ts'

type ForeignTableRow = {
  schema: string
  name: string
  server: string
  columns: string[]
  options: string[] | null
  partitionBound: string | null
  inherits: string[]
  comment: string | null
  columnComments: string[]
}

/** Foreign tables with their columns in order, as CREATE FOREIGN TABLE takes them. */
export const foreignTables: CatalogQuery<ForeignTableRow> = {
  inUse: anyRow('pg_foreign_table'),
  sql: `SELECT n.nspname AS schema, c.relname AS name, pg_catalog.quote_ident(s.srvname) AS server, ${shownOptions('f.ftoptions')} AS options,
     comment.description AS comment, CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END AS "partitionBound",
     ARRAY(SELECT pg_catalog.quote_ident(pn.nspname) || '.' || pg_catalog.quote_ident(p.relname) FROM pg_catalog.pg_inherits i
       JOIN pg_catalog.pg_class p ON p.oid = i.inhparent JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
       WHERE i.inhrelid = c.oid ORDER BY i.inhseqno) AS inherits,
     ARRAY(SELECT pg_catalog.quote_ident(a.attname) || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
         || COALESCE(' OPTIONS (' || ${optionList('a.attfdwoptions')} || ')', '')
         || COALESCE(' COLLATE ' || pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(o.collname), '')
         || CASE WHEN d.adbin IS NULL THEN '' WHEN a.attgenerated = '' THEN ' DEFAULT ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid)
           ELSE ' GENERATED ALWAYS AS (' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) || ') STORED' END
         || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
       FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type b ON b.oid = a.atttypid
       LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
       LEFT JOIN pg_catalog.pg_collation o ON o.oid = a.attcollation AND a.attcollation <> b.typcollation
       LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = o.collnamespace
       WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) AS columns,
     ARRAY(SELECT pg_catalog.quote_ident(a.attname) || ': ' || e.description FROM pg_catalog.pg_description e
       JOIN pg_catalog.pg_attribute a ON a.attrelid = e.objoid AND a.attnum = e.objsubid
       WHERE e.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objoid = c.oid AND e.objsubid > 0 ORDER BY a.attnum) AS "columnComments"
   FROM pg_catalog.pg_foreign_table f JOIN pg_catalog.pg_class c ON c.oid = f.ftrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver ${commentOn('pg_class', 'c.oid')}
   WHERE ${userSchema('n')} AND ${notOfExtension('pg_class', 'c.oid')}`,
  object: ({ schema, name, columns, inherits, columnComments, ...row }) => ({
    class: 'foreign table',
    name: qualifiedName([schema, name]),
    path: [schema, name],
    parent: `schema ${qualifiedName([schema])}`,
    attributes: facts({
      ...row,
      columns: columns.map(canonicalExpression),
      inherits: inherits.length > 0 && inherits,
      columnComments: columnComments.length > 0 && columnComments,
    }),
  }),
}

import { canonicalExpression } from '../canonical-expression.ts'
import { canonicalOptions } from '../canonical-options.ts'
import { qualifiedName } from '../catalog.ts'
import { indexFacts } from '../index-facts.ts'
import { commentOn, facts, notOfExtension, relationKey, userSchema, type CatalogQuery } from './catalog-query.ts'

type IndexRow = {
  schema: string
  table: string
  tableKind: string
  name: string
  definition: string
  unique: boolean
  invalid: boolean
  clustered: boolean
  replicaIdentity: boolean
  partOf: string | null
  tablespace: string | null
  statistics: string[] | null
  comment: string | null
}

/** Indexes, but for those that a constraint stands on: these are told with the constraint. */
export const indexes: CatalogQuery<IndexRow> = {
  sql: `SELECT n.nspname AS schema, t.relname AS table, t.relkind AS "tableKind", c.relname AS name,
     pg_catalog.pg_get_indexdef(c.oid) AS definition, x.indisunique AS unique, NOT (x.indisvalid AND x.indisready) AS invalid,
     x.indisclustered AS clustered, x.indisreplident AS "replicaIdentity", ts.spcname AS tablespace, comment.description AS comment,
     CASE WHEN c.relispartition THEN (SELECT pg_catalog.quote_ident(pn.nspname) || '.' || pg_catalog.quote_ident(p.relname)
       FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class p ON p.oid = h.inhparent
       JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE h.inhrelid = c.oid) END AS "partOf",
     targets.of AS statistics
   FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid JOIN pg_catalog.pg_class t ON t.oid = x.indrelid
   JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace ${commentOn('pg_class', 'c.oid')}
   LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace
   LEFT JOIN (SELECT a.attrelid, pg_catalog.array_agg(a.attnum || ': ' || a.attstattarget ORDER BY a.attnum) AS of
     FROM pg_catalog.pg_attribute a WHERE a.attnum > 0 AND a.attstattarget >= 0 GROUP BY a.attrelid) targets
     ON targets.attrelid = c.oid AND x.indexprs IS NOT NULL
   WHERE t.relkind IN ('r', 'p', 'm') AND ${userSchema('n')} AND ${notOfExtension('pg_class', 't.oid')}
     AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid = c.oid AND k.contype IN ('p', 'u', 'x'))`,
  object: ({ schema, table, tableKind, name, definition: written, ...row }) => {
    const definition = canonicalOptions(canonicalExpression(written))
    return {
      class: 'index',
      name: qualifiedName([schema, name]),
      path: [schema, table, name],
      parent: relationKey(tableKind, qualifiedName([schema, table])),
      attributes: facts({ ...row, ...indexFacts(definition) }),
      definition,
    }
  },
}

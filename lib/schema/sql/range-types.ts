import { qualifiedName } from '../catalog.ts'
import {
  anyMade,
  commentOn,
  facts,
  notOfExtension,
  procedureName,
  userSchema,
  type CatalogQuery,
} from './catalog-query.ts'

type RangeTypeRow = {
  schema: string
  name: string
  subtype: string
  multirange: string
  operatorClass: string | null
  collation: string | null
  canonical: string | null
  subtypeDiff: string | null
  comment: string | null
}

/** Range types with the multirange type that comes with each (pg_range). */
export const rangeTypes: CatalogQuery<RangeTypeRow> = {
  inUse: anyMade('pg_type', `typtype = 'r'`),
  sql: `SELECT n.nspname AS schema, t.typname AS name, pg_catalog.format_type(r.rngsubtype, NULL) AS subtype,
     pg_catalog.format_type(r.rngmultitypid, NULL) AS multirange,
     CASE WHEN NOT o.opcdefault THEN pg_catalog.quote_ident(opn.nspname) || '.' || pg_catalog.quote_ident(o.opcname) END AS "operatorClass",
     CASE WHEN r.rngcollation <> s.typcollation THEN
       pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(col.collname) END AS collation,
     ${procedureName('r.rngcanonical')} AS canonical, ${procedureName('r.rngsubdiff')} AS "subtypeDiff", comment.description AS comment
   FROM pg_catalog.pg_range r JOIN pg_catalog.pg_type t ON t.oid = r.rngtypid JOIN pg_catalog.pg_type s ON s.oid = r.rngsubtype
   JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace ${commentOn('pg_type', 't.oid')}
   JOIN pg_catalog.pg_opclass o ON o.oid = r.rngsubopc JOIN pg_catalog.pg_namespace opn ON opn.oid = o.opcnamespace
   LEFT JOIN pg_catalog.pg_collation col ON col.oid = r.rngcollation
   LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = col.collnamespace
   WHERE ${userSchema('n')} AND ${notOfExtension('pg_type', 't.oid')}`,
  object: ({ schema, name, ...row }) => ({
    class: 'range type',
    name: qualifiedName([schema, name]),
    path: [schema, name],
    parent: `schema ${qualifiedName([schema])}`,
    attributes: facts(row),
  }),
}

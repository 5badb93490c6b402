import { qualifiedName } from '../catalog.ts'
import {
  anyMade,
  columnComments,
  commentOn,
  facts,
  notOfExtension,
  userSchema,
  type CatalogQuery,
} from './catalog-query.ts'

type CompositeTypeRow = {
  schema: string
  name: string
  fields: string[]
  fieldComments: string[] | null
  comment: string | null
}

/** Free-standing composite types. The order of their fields counts: row values are written by place. */
export const compositeTypes: CatalogQuery<CompositeTypeRow> = {
  inUse: anyMade('pg_class', `relkind = 'c'`),
  sql: `SELECT n.nspname AS schema, t.typname AS name, comment.description AS comment,
     ARRAY(SELECT pg_catalog.quote_ident(a.attname) || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
         || COALESCE(' COLLATE ' || pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(o.collname), '')
       FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type b ON b.oid = a.atttypid
       LEFT JOIN pg_catalog.pg_collation o ON o.oid = a.attcollation AND a.attcollation <> b.typcollation
       LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = o.collnamespace
       WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) AS fields, ${columnComments('c.oid')} AS "fieldComments"
   FROM pg_catalog.pg_class c JOIN pg_catalog.pg_type t ON t.oid = c.reltype
   JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace ${commentOn('pg_type', 't.oid')}
   WHERE c.relkind = 'c' AND ${userSchema('n')} AND ${notOfExtension('pg_type', 't.oid')}`,
  object: ({ schema, name, ...row }) => ({
    class: 'composite type',
    name: qualifiedName([schema, name]),
    path: [schema, name],
    parent: `schema ${qualifiedName([schema])}`,
    attributes: facts(row),
  }),
}

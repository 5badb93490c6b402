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

type BaseTypeRow = {
  schema: string
  name: string
  input: string | null
  output: string | null
  receive: string | null
  send: string | null
  typmodIn: string | null
  typmodOut: string | null
  analyze: string | null
  subscript: string | null
  length: number
  byValue: boolean
  alignment: string
  storage: string
  category: string
  preferred: boolean
  default: string | null
  element: string | null
  delimiter: string | null
  collatable: boolean
  comment: string | null
}

/** Base types (pg_type). The array type of each is no type of its own, and a shell none yet. */
export const baseTypes: CatalogQuery<BaseTypeRow> = {
  // All array types are read by array_in, and no other type can be.
  inUse: anyMade('pg_type', `typtype = 'b' AND typinput <> 'pg_catalog.array_in'::pg_catalog.regproc`),
  sql: `SELECT n.nspname AS schema, t.typname AS name, ${procedureName('t.typinput')} AS input,
     ${procedureName('t.typoutput')} AS output, ${procedureName('t.typreceive')} AS receive, ${procedureName('t.typsend')} AS send,
     ${procedureName('t.typmodin')} AS "typmodIn", ${procedureName('t.typmodout')} AS "typmodOut",
     ${procedureName('t.typanalyze')} AS analyze, ${procedureName('t.typsubscript')} AS subscript, t.typlen AS length,
     t.typbyval AS "byValue", CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'd' THEN 'double' ELSE 'int4' END AS alignment,
     CASE t.typstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END AS storage,
     t.typcategory AS category, t.typispreferred AS preferred, t.typdefault AS default,
     CASE WHEN t.typelem <> 0 THEN pg_catalog.format_type(t.typelem, NULL) END AS element,
     CASE WHEN t.typdelim <> ',' THEN t.typdelim END AS delimiter, t.typcollation <> 0 AS collatable, comment.description AS comment
   FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace ${commentOn('pg_type', 't.oid')}
   WHERE t.typtype = 'b'
     AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_type item WHERE item.oid = t.typelem AND item.typarray = t.oid)
     AND ${userSchema('n')} AND ${notOfExtension('pg_type', 't.oid')}`,
  object: ({ schema, name, ...row }) => ({
    class: 'base type',
    name: qualifiedName([schema, name]),
    path: [schema, name],
    parent: `schema ${qualifiedName([schema])}`,
    attributes: facts(row),
  }),
}

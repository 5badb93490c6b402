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

type ConversionRow = {
  schema: string
  name: string
  from: string
  to: string
  function: string
  isDefault: boolean
  comment: string | null
}

/** Conversions between encodings (pg_conversion). */
export const conversions: CatalogQuery<ConversionRow> = {
  inUse: anyMade('pg_conversion'),
  sql: `SELECT n.nspname AS schema, c.conname AS name, pg_catalog.pg_encoding_to_char(c.conforencoding) AS from,
     pg_catalog.pg_encoding_to_char(c.contoencoding) AS to, ${procedureName('c.conproc')} AS function, c.condefault AS "isDefault",
     comment.description AS comment
   FROM pg_catalog.pg_conversion c JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace ${commentOn('pg_conversion', 'c.oid')}
   WHERE ${userSchema('n')} AND ${notOfExtension('pg_conversion', 'c.oid')}`,
  object: ({ schema, name, ...row }) => ({
    class: 'conversion',
    name: qualifiedName([schema, name]),
    path: [schema, name],
    parent: `schema ${qualifiedName([schema])}`,
    attributes: facts(row),
  }),
}

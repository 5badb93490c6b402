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

type ParserRow = {
  schema: string
  name: string
  start: string
  gettoken: string
  end: string
  headline: string | null
  lextypes: string
  comment: string | null
}

/** Text search parsers (pg_ts_parser). */
export const textSearchParsers: CatalogQuery<ParserRow> = {
  inUse: anyMade('pg_ts_parser'),
  sql: `SELECT n.nspname AS schema, p.prsname AS name, ${procedureName('p.prsstart')} AS start, ${procedureName('p.prstoken')} AS gettoken,
     ${procedureName('p.prsend')} AS end, ${procedureName('p.prsheadline')} AS headline, ${procedureName('p.prslextype')} AS lextypes,
     comment.description AS comment
   FROM pg_catalog.pg_ts_parser p JOIN pg_catalog.pg_namespace n ON n.oid = p.prsnamespace ${commentOn('pg_ts_parser', 'p.oid')}
   WHERE ${userSchema('n')} AND ${notOfExtension('pg_ts_parser', 'p.oid')}`,
  object: ({ schema, name, start, ...row }) => ({
    class: 'text search parser',
    name: qualifiedName([schema, name]),
    path: [schema, name],
    parent: `schema ${qualifiedName([schema])}`,
    attributes: facts({ ...row, startFunction: start }),
  }),
}

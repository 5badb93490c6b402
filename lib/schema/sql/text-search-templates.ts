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

type TemplateRow = { schema: string; name: string; init: string | null; lexize: string; comment: string | null }

/** Text search templates (pg_ts_template). */
export const textSearchTemplates: CatalogQuery<TemplateRow> = {
  inUse: anyMade('pg_ts_template'),
  sql: `SELECT n.nspname AS schema, t.tmplname AS name, ${procedureName('t.tmplinit')} AS init, ${procedureName('t.tmpllexize')} AS lexize,
     comment.description AS comment
   FROM pg_catalog.pg_ts_template t JOIN pg_catalog.pg_namespace n ON n.oid = t.tmplnamespace ${commentOn('pg_ts_template', 't.oid')}
   WHERE ${userSchema('n')} AND ${notOfExtension('pg_ts_template', 't.oid')}`,
  object: ({ schema, name, ...row }) => ({
    class: 'text search template',
    name: qualifiedName([schema, name]),
    path: [schema, name],
    parent: `schema ${qualifiedName([schema])}`,
    attributes: facts(row),
  }),
}

import { qualifiedName } from '../catalog.ts'
import { anyMade, commentOn, facts, notOfExtension, userSchema, type CatalogQuery } from './catalog-query.ts'

type DictionaryRow = {
  schema: string
  name: string
  template: string
  initOptions: string | null
  comment: string | null
}

/** Text search dictionaries (pg_ts_dict). */
export const textSearchDictionaries: CatalogQuery<DictionaryRow> = {
  inUse: anyMade('pg_ts_dict'),
  sql: `SELECT n.nspname AS schema, d.dictname AS name, d.dictinitoption AS "initOptions", comment.description AS comment,
     pg_catalog.quote_ident(tn.nspname) || '.' || pg_catalog.quote_ident(t.tmplname) AS template
   FROM pg_catalog.pg_ts_dict d JOIN pg_catalog.pg_namespace n ON n.oid = d.dictnamespace ${commentOn('pg_ts_dict', 'd.oid')}
   JOIN pg_catalog.pg_ts_template t ON t.oid = d.dicttemplate JOIN pg_catalog.pg_namespace tn ON tn.oid = t.tmplnamespace
   WHERE ${userSchema('n')} AND ${notOfExtension('pg_ts_dict', 'd.oid')}`,
  object: ({ schema, name, ...row }) => ({
    class: 'text search dictionary',
    name: qualifiedName([schema, name]),
    path: [schema, name],
    parent: `schema ${qualifiedName([schema])}`,
    attributes: facts(row),
  }),
}

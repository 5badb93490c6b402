import { qualifiedName } from '../catalog.ts'
import { anyRow, commentOn, facts, notOfExtension, type CatalogQuery } from './catalog-query.ts'
import { shownOptions } from './hidden-values.ts'

type WrapperRow = {
  name: string
  handler: string | null
  validator: string | null
  options: string[] | null
  comment: string | null
}

/** Foreign data wrappers that no extension brought. */
export const foreignDataWrappers: CatalogQuery<WrapperRow> = {
  inUse: anyRow('pg_foreign_data_wrapper'),
  sql: `SELECT w.fdwname AS name, ${functionName('w.fdwhandler')} AS handler, ${functionName('w.fdwvalidator')} AS validator,
     ${shownOptions('w.fdwoptions')} AS options, comment.description AS comment
   FROM pg_catalog.pg_foreign_data_wrapper w ${commentOn('pg_foreign_data_wrapper', 'w.oid')}
   WHERE ${notOfExtension('pg_foreign_data_wrapper', 'w.oid')}`,
  object: ({ name, ...row }) => ({
    class: 'foreign data wrapper',
    name: qualifiedName([name]),
    path: [name],
    attributes: facts(row),
  }),
}

function functionName(oid: string): string {
  return `(SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(p.proname) FROM pg_catalog.pg_proc p
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = ${oid})`
}

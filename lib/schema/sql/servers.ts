import { qualifiedName } from '../catalog.ts'
import { anyRow, commentOn, facts, notOfExtension, type CatalogQuery } from './catalog-query.ts'
import { shownOptions } from './hidden-values.ts'

type ServerRow = {
  name: string
  wrapper: string
  type: string | null
  version: string | null
  options: string[] | null
  comment: string | null
}

/** Foreign servers. What stands under a name such as `password` in their options is not read. */
export const servers: CatalogQuery<ServerRow> = {
  inUse: anyRow('pg_foreign_server'),
  sql: `SELECT s.srvname AS name, pg_catalog.quote_ident(w.fdwname) AS wrapper, s.srvtype AS type, s.srvversion AS version,
     ${shownOptions('s.srvoptions')} AS options, comment.description AS comment
   FROM pg_catalog.pg_foreign_server s JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw ${commentOn('pg_foreign_server', 's.oid')}
   WHERE ${notOfExtension('pg_foreign_server', 's.oid')}`,
  object: ({ name, ...row }) => ({
    class: 'server',
    name: qualifiedName([name]),
    path: [name],
    attributes: facts(row),
  }),
}

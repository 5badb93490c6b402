import { qualifiedName } from '../catalog.ts'
import { anyRow, type CatalogQuery } from './catalog-query.ts'
import { HOME_OWNER } from './home-owner.ts'

type UserMappingRow = { server: string; role: string }

/** Which roles have a mapping for which foreign server. Never how they log in there: not every role may read that, and it holds passwords. */
export const userMappings: CatalogQuery<UserMappingRow> = {
  inUse: anyRow('pg_foreign_server'),
  sql: `SELECT m.srvname AS server,
     CASE WHEN m.umuser = 0 THEN 'PUBLIC' WHEN m.umuser = ${HOME_OWNER} THEN 'CURRENT_USER' ELSE pg_catalog.quote_ident(m.usename) END AS role
   FROM pg_catalog.pg_user_mappings m`,
  object: ({ server, role }) => ({
    class: 'user mapping',
    name: `${role} on ${qualifiedName([server])}`,
    path: [server, role],
    parent: `server ${qualifiedName([server])}`,
    attributes: {},
  }),
}

import { qualifiedName } from '../catalog.ts'
import {
  anyMade,
  commentOn,
  facts,
  madeByPeople,
  notOfExtension,
  procedureName,
  type CatalogQuery,
} from './catalog-query.ts'

type AccessMethodRow = { name: string; type: string; handler: string; comment: string | null }

/** Access methods (pg_am) that no extension brought. */
export const accessMethods: CatalogQuery<AccessMethodRow> = {
  inUse: anyMade('pg_am'),
  sql: `SELECT m.amname AS name, CASE m.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END AS type, ${procedureName('m.amhandler')} AS handler,
     comment.description AS comment
   FROM pg_catalog.pg_am m ${commentOn('pg_am', 'm.oid')}
   WHERE ${madeByPeople('m.oid')} AND ${notOfExtension('pg_am', 'm.oid')}`,
  object: ({ name, ...row }) => ({
    class: 'access method',
    name: qualifiedName([name]),
    path: [name],
    attributes: facts(row),
  }),
}

import { qualifiedName } from '../catalog.ts'
import {
  anyMade,
  commentOn,
  facts,
  notOfExtension,
  operatorMembers,
  userSchema,
  type CatalogQuery,
} from './catalog-query.ts'

type OperatorFamilyRow = {
  schema: string
  name: string
  method: string
  members: string[] | null
  comment: string | null
}

/** Operator families (pg_opfamily), with what no class of theirs brought. */
export const operatorFamilies: CatalogQuery<OperatorFamilyRow> = {
  inUse: anyMade('pg_opfamily'),
  sql: `SELECT n.nspname AS schema, f.opfname AS name, m.amname AS method, comment.description AS comment,
     ${operatorMembers('pg_opfamily', 'f.oid')} AS members
   FROM pg_catalog.pg_opfamily f JOIN pg_catalog.pg_namespace n ON n.oid = f.opfnamespace
   JOIN pg_catalog.pg_am m ON m.oid = f.opfmethod ${commentOn('pg_opfamily', 'f.oid')}
   WHERE ${userSchema('n')} AND ${notOfExtension('pg_opfamily', 'f.oid')}`,
  object: ({ schema, name, method, ...row }) => ({
    class: 'operator family',
    name: `${qualifiedName([schema, name])} USING ${qualifiedName([method])}`,
    path: [schema, name],
    signature: method,
    parent: `schema ${qualifiedName([schema])}`,
    attributes: facts(row),
  }),
}

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

type OperatorClassRow = {
  schema: string
  name: string
  method: string
  type: string
  isDefault: boolean
  familySchema: string
  familyName: string
  storage: string | null
  members: string[] | null
  comment: string | null
}

/** Operator classes (pg_opclass), with the operators and functions that came with them. */
export const operatorClasses: CatalogQuery<OperatorClassRow> = {
  inUse: anyMade('pg_opclass'),
  sql: `SELECT n.nspname AS schema, o.opcname AS name, m.amname AS method, pg_catalog.format_type(o.opcintype, NULL) AS type,
     o.opcdefault AS "isDefault", fn.nspname AS "familySchema", f.opfname AS "familyName",
     CASE WHEN o.opckeytype <> 0 THEN pg_catalog.format_type(o.opckeytype, NULL) END AS storage, comment.description AS comment,
     ${operatorMembers('pg_opclass', 'o.oid')} AS members
   FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace
   JOIN pg_catalog.pg_am m ON m.oid = o.opcmethod JOIN pg_catalog.pg_opfamily f ON f.oid = o.opcfamily
   JOIN pg_catalog.pg_namespace fn ON fn.oid = f.opfnamespace ${commentOn('pg_opclass', 'o.oid')}
   WHERE ${userSchema('n')} AND ${notOfExtension('pg_opclass', 'o.oid')}`,
  object: ({ schema, name, method, familySchema, familyName, ...row }) => ({
    class: 'operator class',
    name: `${qualifiedName([schema, name])} USING ${qualifiedName([method])}`,
    path: [schema, name],
    signature: method,
    // Made without a family, it comes with one of its own.
    parent: `operator family ${qualifiedName([familySchema, familyName])} USING ${qualifiedName([method])}`,
    attributes: facts({ ...row, family: [familySchema, familyName] }),
  }),
}

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

type OperatorRow = {
  schema: string
  name: string
  left: string
  right: string
  function: string
  commutator: string | null
  negator: string | null
  restrict: string | null
  join: string | null
  hashes: boolean
  merges: boolean
  comment: string | null
}

/** Operators (pg_operator). A name that another operator only spoke of has no function and is none yet. */
export const operators: CatalogQuery<OperatorRow> = {
  inUse: anyMade('pg_operator'),
  sql: `SELECT n.nspname AS schema, o.oprname AS name,
     CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE pg_catalog.format_type(o.oprleft, NULL) END AS left,
     CASE WHEN o.oprright = 0 THEN 'NONE' ELSE pg_catalog.format_type(o.oprright, NULL) END AS right,
     ${procedureName('o.oprcode')} AS function, ${operatorName('o.oprcom')} AS commutator, ${operatorName('o.oprnegate')} AS negator,
     ${procedureName('o.oprrest')} AS restrict, ${procedureName('o.oprjoin')} AS join, o.oprcanhash AS hashes, o.oprcanmerge AS merges,
     comment.description AS comment
   FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace ${commentOn('pg_operator', 'o.oid')}
   WHERE o.oprcode <> 0 AND ${userSchema('n')} AND ${notOfExtension('pg_operator', 'o.oid')}`,
  object: ({ schema, name, left, right, ...row }) => ({
    class: 'operator',
    name: `${qualifiedName([schema])}.${name}(${left}, ${right})`,
    path: [schema, name],
    signature: `${left}, ${right}`,
    parent: `schema ${qualifiedName([schema])}`,
    attributes: facts(row),
  }),
}

function operatorName(oid: string): string {
  return `(SELECT 'OPERATOR(' || pg_catalog.quote_ident(x.nspname) || '.' || other.oprname || ')' FROM pg_catalog.pg_operator other
    JOIN pg_catalog.pg_namespace x ON x.oid = other.oprnamespace WHERE other.oid = ${oid})`
}

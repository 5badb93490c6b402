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

type AggregateRow = {
  schema: string
  name: string
  types: string
  signature: string
  arguments: string
  result: string
  kind: string | null
  sfunc: string
  stype: string
  sspace: number | null
  finalfunc: string | null
  finalfuncExtra: boolean
  finalfuncModify: string | null
  combinefunc: string | null
  serialfunc: string | null
  deserialfunc: string | null
  initcond: string | null
  msfunc: string | null
  minvfunc: string | null
  mstype: string | null
  msspace: number | null
  mfinalfunc: string | null
  mfinalfuncExtra: boolean
  mfinalfuncModify: string | null
  minitcond: string | null
  sortop: string | null
  parallel: string | null
  comment: string | null
}

/** Aggregates (pg_aggregate), their facts named as CREATE AGGREGATE names them. What final functions may do has a default that depends on the kind. */
export const aggregates: CatalogQuery<AggregateRow> = {
  inUse: anyMade('pg_proc', `prokind = 'a'`),
  sql: `SELECT n.nspname AS schema, p.proname AS name, pg_catalog.oidvectortypes(p.proargtypes) AS types,
     pg_catalog.pg_get_function_identity_arguments(p.oid) AS signature, pg_catalog.pg_get_function_arguments(p.oid) AS arguments,
     pg_catalog.format_type(p.prorettype, NULL) AS result, CASE a.aggkind WHEN 'o' THEN 'ordered set' WHEN 'h' THEN 'hypothetical' END AS kind,
     ${procedureName('a.aggtransfn')} AS sfunc, pg_catalog.format_type(a.aggtranstype, NULL) AS stype, NULLIF(a.aggtransspace, 0) AS sspace,
     ${procedureName('a.aggfinalfn')} AS finalfunc, a.aggfinalextra AS "finalfuncExtra",
     CASE WHEN a.aggfinalmodify <> (CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END)::"char" THEN
       CASE a.aggfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END AS "finalfuncModify",
     ${procedureName('a.aggcombinefn')} AS combinefunc, ${procedureName('a.aggserialfn')} AS serialfunc,
     ${procedureName('a.aggdeserialfn')} AS deserialfunc, a.agginitval AS initcond, ${procedureName('a.aggmtransfn')} AS msfunc,
     ${procedureName('a.aggminvtransfn')} AS minvfunc, CASE WHEN a.aggmtranstype <> 0 THEN pg_catalog.format_type(a.aggmtranstype, NULL) END AS mstype,
     NULLIF(a.aggmtransspace, 0) AS msspace, ${procedureName('a.aggmfinalfn')} AS mfinalfunc, a.aggmfinalextra AS "mfinalfuncExtra",
     CASE WHEN a.aggmfinalfn <> 0 AND a.aggmfinalmodify <> (CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END)::"char" THEN
       CASE a.aggmfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END AS "mfinalfuncModify",
     a.aggminitval AS minitcond, (SELECT 'OPERATOR(' || pg_catalog.quote_ident(sn.nspname) || '.' || s.oprname || ')'
       FROM pg_catalog.pg_operator s JOIN pg_catalog.pg_namespace sn ON sn.oid = s.oprnamespace WHERE s.oid = a.aggsortop) AS sortop,
     CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' END AS parallel, comment.description AS comment
   FROM pg_catalog.pg_aggregate a JOIN pg_catalog.pg_proc p ON p.oid = a.aggfnoid
   JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace ${commentOn('pg_proc', 'p.oid')}
   WHERE ${userSchema('n')} AND ${notOfExtension('pg_proc', 'p.oid')}`,
  object: ({ schema, name, types, signature, ...row }) => ({
    class: 'aggregate',
    name: `${qualifiedName([schema, name])}(${types === '' ? '*' : types})`,
    path: [schema, name],
    signature: signature === '' ? '*' : signature,
    parent: `schema ${qualifiedName([schema])}`,
    attributes: facts({ ...row, arguments: row.arguments === '' ? '*' : row.arguments }),
  }),
}

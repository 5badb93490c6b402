import { canonicalExpression } from '../canonical-expression.ts'
import { qualifiedName } from '../catalog.ts'
import { facts, notOfExtension, procedureName, type CatalogQuery } from './catalog-query.ts'
import { USER_SCHEMAS } from './lookup.ts'

type FunctionRow = {
  oid: number
  schema: string
  name: string
  kind: 'f' | 'p' | 'w'
  signature: string
  arguments: string
  result: string | null
  language: string
  body: string
  library: string | null
  volatility: string | null
  strict: boolean
  securityDefiner: boolean
  leakproof: boolean
  parallel: string | null
  cost: number
  rows: number
  settings: string[] | null
  support: string | null
  standard: boolean
  transforms: string[] | null
  definition: string
}

/** Functions and procedures. The body of a SQL-standard function (`BEGIN ATOMIC`) is the server's text, any other the author's. */
export const functions: CatalogQuery<FunctionRow> = {
  sql: `SELECT p.oid, n.nspname AS schema, p.proname AS name, p.prokind AS kind, pg_catalog.oidvectortypes(p.proargtypes) AS signature,
     pg_catalog.pg_get_function_arguments(p.oid) AS arguments, pg_catalog.pg_get_function_result(p.oid) AS result,
     l.lanname AS language, COALESCE(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc) AS body, p.prosqlbody IS NOT NULL AS standard, p.probin AS library,
     CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' END AS volatility, p.proisstrict AS strict,
     p.prosecdef AS "securityDefiner", p.proleakproof AS leakproof,
     CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' END AS parallel, p.procost AS cost, p.prorows AS rows,
     CASE WHEN p.protrftypes IS NOT NULL THEN
       ARRAY(SELECT pg_catalog.format_type(t, NULL) FROM pg_catalog.unnest(p.protrftypes) t) END AS transforms,
     p.proconfig AS settings, ${procedureName('p.prosupport')} AS support, pg_catalog.pg_get_functiondef(p.oid) AS definition
   FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
   JOIN pg_catalog.pg_language l ON l.oid = p.prolang
   WHERE p.prokind <> 'a' AND ${notOfType('p.oid')} AND p.pronamespace IN ${USER_SCHEMAS} AND ${notOfExtension('pg_proc', 'p.oid')}`,
  object: ({ oid, schema, name, kind, signature, definition, settings, standard, ...row }, lookup) => ({
    class: kind === 'p' ? 'procedure' : 'function',
    name: `${qualifiedName([schema, name])}(${signature})`,
    path: [schema, name],
    signature,
    parent: `schema ${qualifiedName([schema])}`,
    definition,
    attributes: facts({
      ...row,
      arguments: canonicalExpression(row.arguments),
      body: standard ? canonicalExpression(row.body) : row.body,
      window: kind === 'w',
      comment: lookup.comment('function', oid),
      settings: settings !== null && settings.toSorted(),
    }),
  }),
}

/** The constructors of a range type come with it. */
function notOfType(oid: string): string {
  return `NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
    AND d.objid = ${oid} AND d.deptype = 'i')`
}

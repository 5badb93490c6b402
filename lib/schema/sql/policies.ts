import { canonicalExpression } from '../canonical-expression.ts'
import { qualifiedName } from '../catalog.ts'
import { commentOn, facts, notOfExtension, userSchema, type CatalogQuery } from './catalog-query.ts'

type PolicyRow = {
  schema: string
  table: string
  name: string
  command: string
  restrictive: boolean
  roles: string[]
  using: string | null
  check: string | null
  comment: string | null
}

/** Policies of row-level security. Role 0 is PUBLIC. */
export const policies: CatalogQuery<PolicyRow> = {
  sql: `SELECT n.nspname AS schema, c.relname AS table, p.polname AS name, NOT p.polpermissive AS restrictive,
     CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END AS command,
     ARRAY(SELECT COALESCE(pg_catalog.quote_ident(r.rolname), 'PUBLIC') FROM pg_catalog.unnest(p.polroles) role
       LEFT JOIN pg_catalog.pg_roles r ON r.oid = role ORDER BY 1) AS roles,
     pg_catalog.pg_get_expr(p.polqual, p.polrelid) AS using, pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) AS check,
     comment.description AS comment
   FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
   JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace ${commentOn('pg_policy', 'p.oid')}
   WHERE ${userSchema('n')} AND ${notOfExtension('pg_class', 'c.oid')}`,
  object: ({ schema, table, name, using, check, ...row }) => ({
    class: 'policy',
    name: qualifiedName([schema, table, name]),
    path: [schema, table, name],
    parent: `table ${qualifiedName([schema, table])}`,
    attributes: facts({
      ...row,
      using: using !== null && canonicalExpression(using),
      check: check !== null && canonicalExpression(check),
    }),
  }),
}

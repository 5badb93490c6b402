import { canonicalExpression } from '../canonical-expression.ts'
import { qualifiedName } from '../catalog.ts'
import { facts, type CatalogQuery } from './catalog-query.ts'
import { userRelations } from './lookup.ts'

type PolicyRow = {
  oid: number
  relation: number
  name: string
  command: string
  restrictive: boolean
  roles: string[]
  using: string | null
  check: string | null
}

/** Policies of row-level security. Role 0 is PUBLIC. */
export const policies: CatalogQuery<PolicyRow> = {
  sql: `SELECT p.oid, p.polrelid AS relation, p.polname AS name, NOT p.polpermissive AS restrictive,
     CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END AS command,
     CASE WHEN p.polroles = '{0}'::pg_catalog.oid[] THEN '{PUBLIC}' ELSE
       ARRAY(SELECT COALESCE(pg_catalog.quote_ident(r.rolname), 'PUBLIC') FROM pg_catalog.unnest(p.polroles) role
         LEFT JOIN pg_catalog.pg_roles r ON r.oid = role ORDER BY 1) END AS roles,
     pg_catalog.pg_get_expr(p.polqual, p.polrelid) AS using, pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) AS check
   FROM pg_catalog.pg_policy p WHERE p.polrelid IN ${userRelations(`'r', 'p'`)}`,
  object: ({ oid, relation, name, using, check, ...row }, lookup) => {
    const table = lookup.relation(relation)
    return (
      table && {
        class: 'policy',
        name: `${table.full}.${qualifiedName([name])}`,
        path: [table.schema, table.name, name],
        parent: `table ${table.full}`,
        attributes: facts({
          ...row,
          comment: lookup.comment('policy', oid),
          using: using !== null && canonicalExpression(using),
          check: check !== null && canonicalExpression(check),
        }),
      }
    )
  },
}

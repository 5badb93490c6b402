import { canonicalExpression } from '../canonical-expression.ts'
import { qualifiedName } from '../catalog.ts'
import {
  anyMade,
  commentOn,
  facts,
  notOfExtension,
  relationKey,
  userSchema,
  type CatalogQuery,
} from './catalog-query.ts'

type RuleRow = {
  schema: string
  table: string
  tableKind: string
  name: string
  definition: string
  firing: string | null
  comment: string | null
}

/** Rules (pg_rewrite) but for the one that makes a view a view. */
export const rules: CatalogQuery<RuleRow> = {
  inUse: anyMade('pg_rewrite', `rulename <> '_RETURN'`),
  sql: `SELECT n.nspname AS schema, c.relname AS table, c.relkind AS "tableKind", r.rulename AS name,
     pg_catalog.pg_get_ruledef(r.oid) AS definition, comment.description AS comment,
     CASE r.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS' END AS firing
   FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
   JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace ${commentOn('pg_rewrite', 'r.oid')}
   WHERE r.rulename <> '_RETURN' AND ${userSchema('n')} AND ${notOfExtension('pg_class', 'c.oid')}
     AND ${notOfExtension('pg_rewrite', 'r.oid')}`,
  object: ({ schema, table, tableKind, name, definition, ...row }) => ({
    class: 'rule',
    name: qualifiedName([schema, table, name]),
    path: [schema, table, name],
    parent: relationKey(tableKind, qualifiedName([schema, table])),
    attributes: facts({ ...row, definition: canonicalExpression(definition).replace(/;\s*$/, '') }),
  }),
}

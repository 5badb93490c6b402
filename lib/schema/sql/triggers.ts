import { canonicalExpression } from '../canonical-expression.ts'
import { qualifiedName } from '../catalog.ts'
import { commentOn, facts, notOfExtension, relationKey, userSchema, type CatalogQuery } from './catalog-query.ts'

type TriggerRow = {
  schema: string
  table: string
  tableKind: string
  name: string
  definition: string
  firing: string | null
  inherited: boolean
  comment: string | null
}

/** Triggers that people made; the internal ones are told with the constraint that they serve. */
export const triggers: CatalogQuery<TriggerRow> = {
  sql: `SELECT n.nspname AS schema, c.relname AS table, c.relkind AS "tableKind", g.tgname AS name,
     pg_catalog.pg_get_triggerdef(g.oid) AS definition, comment.description AS comment, g.tgparentid <> 0 AS inherited,
     CASE g.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS' END AS firing
   FROM pg_catalog.pg_trigger g JOIN pg_catalog.pg_class c ON c.oid = g.tgrelid
   JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace ${commentOn('pg_trigger', 'g.oid')}
   WHERE NOT g.tgisinternal AND ${userSchema('n')} AND ${notOfExtension('pg_class', 'c.oid')}
     AND ${notOfExtension('pg_trigger', 'g.oid')}`,
  object: ({ schema, table, tableKind, name, definition, ...row }) => ({
    class: 'trigger',
    name: qualifiedName([schema, table, name]),
    path: [schema, table, name],
    parent: relationKey(tableKind, qualifiedName([schema, table])),
    attributes: facts({ ...row, definition: canonicalExpression(definition) }),
  }),
}

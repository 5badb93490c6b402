import { qualifiedName } from '../catalog.ts'
import { commentOn, facts, notOfExtension, userSchema, type CatalogQuery } from './catalog-query.ts'

type EnumRow = { schema: string; name: string; labels: string[]; comment: string | null }

/** Enums with their labels in order (pg_enum). */
export const enums: CatalogQuery<EnumRow> = {
  sql: `SELECT n.nspname AS schema, t.typname AS name, comment.description AS comment,
     ARRAY(SELECT l.enumlabel::text FROM pg_catalog.pg_enum l WHERE l.enumtypid = t.oid ORDER BY l.enumsortorder) AS labels
   FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace ${commentOn('pg_type', 't.oid')}
   WHERE t.typtype = 'e' AND ${userSchema('n')} AND ${notOfExtension('pg_type', 't.oid')}`,
  object: ({ schema, name, labels, comment }) => ({
    class: 'enum',
    name: qualifiedName([schema, name]),
    path: [schema, name],
    parent: `schema ${qualifiedName([schema])}`,
    attributes: facts({ labels, comment }),
  }),
}

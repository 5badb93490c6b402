import { qualifiedName } from '../catalog.ts'
import { commentOn, facts, notOfExtension, userSchema, type CatalogQuery } from './catalog-query.ts'

type SchemaRow = { name: string; comment: string | null }

/** Schemas (pg_namespace). */
export const schemas: CatalogQuery<SchemaRow> = {
  sql: `SELECT n.nspname AS name, comment.description AS comment
   FROM pg_catalog.pg_namespace n ${commentOn('pg_namespace', 'n.oid')}
   WHERE ${userSchema('n')} AND ${notOfExtension('pg_namespace', 'n.oid')}`,
  object: ({ name, comment }) => ({
    class: 'schema',
    name: qualifiedName([name]),
    path: [name],
    attributes: facts({ comment }),
  }),
}

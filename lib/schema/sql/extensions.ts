import { qualifiedName } from '../catalog.ts'
import { facts, type CatalogQuery } from './catalog-query.ts'

type ExtensionRow = { name: string; schema: string; version: string }

/** Extensions (pg_extension). What they bring is left out everywhere: the version stands for it. */
export const extensions: CatalogQuery<ExtensionRow> = {
  sql: `SELECT x.extname AS name, n.nspname AS schema, x.extversion AS version
   FROM pg_catalog.pg_extension x JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace`,
  object: ({ name, schema, version }) => ({
    class: 'extension',
    name: qualifiedName([name]),
    path: [name],
    attributes: facts({ schema, version }),
  }),
}

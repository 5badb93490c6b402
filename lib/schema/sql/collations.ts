import { qualifiedName } from '../catalog.ts'
import { anyMade, commentOn, facts, notOfExtension, userSchema, type CatalogQuery } from './catalog-query.ts'

type CollationRow = {
  schema: string
  name: string
  provider: string
  locale: string | null
  lcCollate: string | null
  lcCtype: string | null
  nondeterministic: boolean
  rules: string | null
  comment: string | null
}

/**
 * Collations (pg_collation). The columns for the locale and the rules of ICU have other names, or are not there, in older majors. The
 * version is left out: it is that of the server's library.
 */
export const collations: CatalogQuery<CollationRow> = {
  inUse: anyMade('pg_collation'),
  sql: `SELECT n.nspname AS schema, o.collname AS name,
     CASE o.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' WHEN 'd' THEN 'default' ELSE 'libc' END AS provider,
     COALESCE(pg_catalog.to_jsonb(o) ->> 'colllocale', pg_catalog.to_jsonb(o) ->> 'colliculocale') AS locale,
     o.collcollate AS "lcCollate", o.collctype AS "lcCtype", NOT o.collisdeterministic AS nondeterministic,
     pg_catalog.to_jsonb(o) ->> 'collicurules' AS rules, comment.description AS comment
   FROM pg_catalog.pg_collation o JOIN pg_catalog.pg_namespace n ON n.oid = o.collnamespace ${commentOn('pg_collation', 'o.oid')}
   WHERE ${userSchema('n')} AND ${notOfExtension('pg_collation', 'o.oid')}`,
  object: ({ schema, name, ...row }) => ({
    class: 'collation',
    name: qualifiedName([schema, name]),
    path: [schema, name],
    parent: `schema ${qualifiedName([schema])}`,
    attributes: facts(row),
  }),
}

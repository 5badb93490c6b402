export type DatabaseRow = {
  name: string
  owner: string
  encoding: string
  limit: number
  template: boolean
  /** Of pg_database, whatever of it this major has: collation, provider, locale. */
  locale: Record<string, string>
}

/** This database as CREATE DATABASE would have to make it. */
export const DATABASE = `
SELECT d.datname AS name, r.rolname AS owner, pg_catalog.pg_encoding_to_char(d.encoding) AS encoding,
  d.datconnlimit AS limit, d.datistemplate AS template,
  (SELECT pg_catalog.jsonb_object_agg(key, value) FROM pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(d))
    WHERE key IN ('datcollate', 'datctype', 'datlocprovider', 'daticulocale', 'datlocale', 'daticurules') AND value IS NOT NULL) AS locale
FROM pg_catalog.pg_database d JOIN pg_catalog.pg_roles r ON r.oid = d.datdba WHERE d.datname = pg_catalog.current_database()`

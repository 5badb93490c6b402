export type TablespaceRow = { name: string; owner: string; location: string; options: string[] | null }

/** Tablespaces that this database lies in, or something of it, besides the two that every server has. */
export const TABLESPACES = `
SELECT t.spcname AS name, r.rolname AS owner, pg_catalog.pg_tablespace_location(t.oid) AS location, t.spcoptions AS options
FROM pg_catalog.pg_tablespace t JOIN pg_catalog.pg_roles r ON r.oid = t.spcowner
WHERE t.spcname !~ '^pg_' AND (
  t.oid IN (SELECT reltablespace FROM pg_catalog.pg_class)
  OR t.oid = (SELECT dattablespace FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))
ORDER BY 1`

const USER_SCHEMA = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`
/** Tables, partitioned ones, views, materialized views, foreign tables. */
const TABLE = `c.relkind IN ('r', 'p', 'v', 'm', 'f')`
const NAME = `n.nspname || '.' || c.relname`

/** One row of facts, from catalogs that are open to every role. $1 and $2: schemas and names of the ledgers to look for. */
export const GRANT_FACTS = `
SELECT pg_catalog.current_database() AS database,
  pg_catalog.current_setting('server_version_num')::pg_catalog.int4 / 10000 AS major,
  (SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
      'schema', n.nspname, 'table', c.relname, 'rowSecurity', c.relrowsecurity) ORDER BY wanted.place), '[]')
    FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.text[]), pg_catalog.unnest($2::pg_catalog.text[]))
      WITH ORDINALITY AS wanted(schema, "table", place)
    JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.schema
    JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = wanted."table" AND ${TABLE}) AS ledgers,
  ARRAY(SELECT n.nspname::pg_catalog.text FROM pg_catalog.pg_namespace n WHERE ${USER_SCHEMA} ORDER BY 1) AS schemas,
  ARRAY(SELECT DISTINCT r.rolname::pg_catalog.text FROM pg_catalog.pg_roles r JOIN (
      SELECT d.datdba FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
      UNION SELECT n.nspowner FROM pg_catalog.pg_namespace n WHERE ${USER_SCHEMA}
      UNION SELECT c.relowner FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE ${USER_SCHEMA}
    ) owner (oid) ON owner.oid = r.oid WHERE r.rolname !~ '^pg_' ORDER BY 1) AS owners,
  ARRAY(SELECT ${NAME} FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE ${USER_SCHEMA} AND c.relrowsecurity ORDER BY 1) AS guarded,
  (SELECT pg_catalog.count(*)::pg_catalog.int4 FROM pg_catalog.pg_largeobject_metadata) AS "largeObjects",
  (SELECT pg_catalog.count(s.oid)::pg_catalog.int4 FROM pg_catalog.pg_subscription s
    JOIN pg_catalog.pg_database d ON d.oid = s.subdbid WHERE d.datname = pg_catalog.current_database()) AS subscriptions,
  ARRAY(SELECT n.nspname::pg_catalog.text FROM pg_catalog.pg_namespace n
    WHERE ${USER_SCHEMA} AND EXISTS (SELECT FROM pg_catalog.aclexplode(n.nspacl) a WHERE a.grantee = 0 AND a.privilege_type = 'CREATE')
    ORDER BY 1) AS "openSchemas",
  ARRAY(SELECT ${NAME} FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE ${USER_SCHEMA} AND ${TABLE}
      AND EXISTS (SELECT FROM pg_catalog.aclexplode(c.relacl) a WHERE a.grantee = 0)
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1) AS "openTables"`

/**
 * Where the wanted tables are ($1 schemas, $2 names, in order of preference), and what may be read of them. Asks the catalogs alone, which
 * any role can read: `to_regclass` fails where USAGE of the schema is missing. Rows are hidden where row-level security holds for this
 * role, unless a policy shows it all of them and none restricts. Names are looked up in their index: there may be thousands.
 */
export const FIND_LEDGER = `
SELECT
  pg_catalog.current_database() AS database,
  current_user AS role,
  (
    SELECT coalesce(pg_catalog.json_agg(found ORDER BY found.place, found.schema, found."table"), '[]')
    FROM (
      SELECT
        n.nspname AS schema,
        c.relname AS "table",
        wanted.place,
        pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS "mayUseSchema",
        c.relkind = 'r' AND pg_catalog.has_table_privilege(c.oid, 'SELECT') AS "tellsTransactions",
        pg_catalog.row_security_active(c.oid) AND (
          EXISTS (
            SELECT FROM pg_catalog.pg_policy p
            WHERE p.polrelid = c.oid AND NOT p.polpermissive AND p.polcmd IN ('r', '*')
          )
          OR NOT EXISTS (
            SELECT FROM pg_catalog.pg_policy p
            WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd IN ('r', '*')
              AND pg_catalog.pg_get_expr(p.polqual, p.polrelid) = 'true'
              AND EXISTS (
                SELECT FROM pg_catalog.unnest(p.polroles) AS role(oid)
                WHERE CASE WHEN role.oid = 0 THEN true ELSE pg_catalog.pg_has_role(role.oid, 'USAGE') END
              )
          )
        ) AS "rowsAreHidden",
        (
          SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
            'name', a.attname,
            'type', t.typname,
            'isGenerated', a.attgenerated <> '',
            'mayRead', pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT')
          ))
          FROM pg_catalog.pg_attribute a
          JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        ) AS columns
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN ROWS FROM (
        pg_catalog.unnest($1::pg_catalog.text[]), pg_catalog.unnest($2::pg_catalog.text[])
      ) WITH ORDINALITY AS wanted(schema, "table", place)
        ON wanted.schema = n.nspname AND wanted."table" = c.relname
      WHERE c.relname = ANY ($2::pg_catalog.text[]) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    ) AS found
  ) AS tables`

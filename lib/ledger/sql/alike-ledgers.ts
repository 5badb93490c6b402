/**
 * Asked where none of the names is there: the tables that are called like a ledger of Drizzle's, or else those of any name that have its
 * columns (drizzle-orm `pg-core/dialect.js`, `migrate`).
 */
export const ALIKE_LEDGERS = `
WITH called AS (
  SELECT n.nspname AS schema, c.relname AS "table"
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relname LIKE '%drizzle\\_migrations' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  ORDER BY n.nspname, c.relname
)
SELECT schema, "table" FROM called
UNION ALL
(SELECT n.nspname AS schema, c.relname AS "table"
FROM pg_catalog.pg_attribute hash
JOIN pg_catalog.pg_attribute created ON created.attrelid = hash.attrelid
JOIN pg_catalog.pg_class c ON c.oid = hash.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE hash.attname = 'hash' AND hash.atttypid = 'pg_catalog.text'::pg_catalog.regtype
  AND created.attname = 'created_at' AND created.atttypid = 'pg_catalog.int8'::pg_catalog.regtype
  AND c.relkind = 'r' AND c.relnatts <= 8 AND NOT EXISTS (SELECT FROM called)
ORDER BY n.nspname, c.relname
LIMIT 5)`

/**
 * The tables of any name that have the columns of Drizzle's ledger (drizzle-orm `pg-core/dialect.js`, `migrate`): asked where none of the
 * names is there.
 */
export const ALIKE_LEDGERS = `
SELECT n.nspname AS schema, c.relname AS "table"
FROM pg_catalog.pg_attribute hash
JOIN pg_catalog.pg_attribute created ON created.attrelid = hash.attrelid
JOIN pg_catalog.pg_class c ON c.oid = hash.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE hash.attname = 'hash' AND hash.atttypid = 'pg_catalog.text'::pg_catalog.regtype
  AND created.attname = 'created_at' AND created.atttypid = 'pg_catalog.int8'::pg_catalog.regtype
  AND c.relkind = 'r' AND c.relnatts <= 8
ORDER BY n.nspname, c.relname
LIMIT 5`

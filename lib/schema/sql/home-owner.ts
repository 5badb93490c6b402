import { userSchema } from './catalog-query.ts'

/** The oid of the role that the migrations run as, once {@link FIND_HOME_OWNER} found it. */
export const HOME_OWNER = `pg_catalog.current_setting('raingauge.owner')::pg_catalog.oid`

/**
 * Finds the role that the migrations run as, since no two environments have to call it the same, and keeps it in a setting of the
 * transaction: who owns the ledger (whose name is in the setting `raingauge.ledgers`), else most of what there is, else the database.
 */
export const FIND_HOME_OWNER = `SELECT pg_catalog.set_config('raingauge.owner', COALESCE(
    (SELECT l.relowner FROM pg_catalog.pg_class l JOIN pg_catalog.pg_namespace ln ON ln.oid = l.relnamespace
      WHERE l.relkind IN ('r', 'p') AND (ln.nspname || '.' || l.relname) = ANY ((SELECT pg_catalog.string_to_array(pg_catalog.current_setting('raingauge.ledgers', true), E'\\n'))::text[])
      ORDER BY ln.nspname DESC LIMIT 1),
    (SELECT made.owner FROM (
        SELECT o.relowner AS owner FROM pg_catalog.pg_class o JOIN pg_catalog.pg_namespace n ON n.oid = o.relnamespace
          WHERE o.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND ${userSchema('n')}
        UNION ALL
        SELECT p.proowner FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE ${userSchema('n')}
      ) made GROUP BY made.owner ORDER BY pg_catalog.count(*) DESC, made.owner LIMIT 1),
    (SELECT b.datdba FROM pg_catalog.pg_database b WHERE b.datname = pg_catalog.current_database()))::text, true)`

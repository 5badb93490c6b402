import { USER_SCHEMAS } from './lookup.ts'

/** The oid of the role that the migrations run as, once {@link FIND_HOME_OWNER} found it. */
export const HOME_OWNER = `pg_catalog.current_setting('raingauge.owner')::pg_catalog.oid`

/** The ledger, whose name is in the setting `raingauge.ledgers`. */
export const LEDGER = `SELECT l.relowner FROM pg_catalog.pg_class l JOIN pg_catalog.pg_namespace ln ON ln.oid = l.relnamespace
      WHERE l.relkind IN ('r', 'p') AND l.oid >= 16384 AND (ln.nspname || '.' || l.relname)
        = ANY ((SELECT pg_catalog.string_to_array(pg_catalog.current_setting('raingauge.ledgers', true), E'\\n'))::text[])`

/**
 * Finds the role that the migrations run as, since no two environments have to call it the same, and keeps it in a setting of the
 * transaction: who owns the ledger (whose name is in the setting `raingauge.ledgers`), else most of what there is, else the database.
 * Schemas are looked at for each owner in each of them, not for each of thousands of functions; the server's own have lower identifiers
 * (access/transam.h, FirstNormalObjectId).
 */
export const FIND_HOME_OWNER = `SELECT pg_catalog.set_config('raingauge.owner', COALESCE(
    (${LEDGER}
      ORDER BY ln.nspname DESC LIMIT 1),
    (SELECT made.owner FROM (
        SELECT o.relowner AS owner, o.relnamespace AS namespace, pg_catalog.count(*) AS many FROM pg_catalog.pg_class o
          WHERE o.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND o.oid >= 16384 GROUP BY o.relowner, o.relnamespace
        UNION ALL
        SELECT p.proowner, p.pronamespace, pg_catalog.count(*) FROM pg_catalog.pg_proc p WHERE p.oid >= 16384 GROUP BY p.proowner, p.pronamespace
      ) made WHERE made.namespace IN ${USER_SCHEMAS} GROUP BY made.owner ORDER BY pg_catalog.sum(made.many) DESC, made.owner LIMIT 1),
    (SELECT b.datdba FROM pg_catalog.pg_database b WHERE b.datname = pg_catalog.current_database()))::text, true)`

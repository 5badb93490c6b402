// Which catalogs can hold schema, and a statement that proves whether any row of them was made, changed or dropped.

import { OWN_DATABASE } from './catalog-query.ts'

const OF_OWN_DATABASE = `classoid = 'pg_catalog.pg_database'::pg_catalog.regclass AND objoid = ${OWN_DATABASE}`

/** Every row: to tell the server's own from those of people would cost more than to count them, and nobody changes them. */
const ALL = 'true'

/** Where the column names a relation: what lives in temporary ones never counts. */
function ofLasting(relation: string): string {
  return `${relation} NOT IN (SELECT oid FROM temporary)`
}

function inLasting(namespace: string): string {
  return `${namespace} NOT IN (SELECT oid FROM temporary_schema)`
}

/**
 * The catalogs of which a row's birth, change or end moves the token: all that hold schema, and which of their rows count. What sessions make in
 * their temporary schemas as a matter of course is left out.
 */
export const WATCHED: Readonly<Record<string, string>> = {
  // A session that makes its first temporary table may make these, too.
  pg_namespace: `nspname !~ '^pg_'`,
  pg_class: inLasting('relnamespace'),
  pg_attribute: ofLasting('attrelid'),
  pg_attrdef: ofLasting('adrelid'),
  pg_index: ofLasting('indexrelid'),
  pg_trigger: ofLasting('tgrelid'),
  pg_policy: ofLasting('polrelid'),
  pg_rewrite: ofLasting('ev_class'),
  pg_inherits: ofLasting('inhrelid'),
  pg_partitioned_table: ofLasting('partrelid'),
  pg_sequence: ofLasting('seqrelid'),
  pg_constraint: inLasting('connamespace'),
  pg_type: inLasting('typnamespace'),
  pg_proc: inLasting('pronamespace'),
  pg_foreign_table: ALL,
  pg_operator: ALL,
  pg_opclass: ALL,
  pg_opfamily: ALL,
  pg_collation: ALL,
  pg_conversion: ALL,
  pg_statistic_ext: ALL,
  pg_ts_config: ALL,
  pg_ts_dict: ALL,
  pg_ts_parser: ALL,
  pg_ts_template: ALL,
  pg_ts_config_map: ALL,
  pg_aggregate: ALL,
  pg_enum: ALL,
  pg_range: ALL,
  pg_amop: ALL,
  pg_amproc: ALL,
  pg_am: ALL,
  pg_cast: ALL,
  pg_language: ALL,
  pg_transform: ALL,
  pg_extension: ALL,
  pg_event_trigger: ALL,
  pg_default_acl: ALL,
  pg_foreign_data_wrapper: ALL,
  pg_foreign_server: ALL,
  pg_publication: ALL,
  pg_publication_rel: ALL,
  pg_publication_namespace: ALL,
  pg_init_privs: ALL,
  pg_seclabel: ALL,
  pg_description: `(classoid <> 'pg_catalog.pg_class'::pg_catalog.regclass OR ${ofLasting('objoid')})`,
  // Extensions take members in and let go of them here alone; what else depends on what has a row of its own that changes along.
  pg_depend: `refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass`,
  pg_database: 'datname = pg_catalog.current_database()',
  pg_db_role_setting: `setdatabase IN (0, ${OWN_DATABASE})`,
  pg_shdescription: OF_OWN_DATABASE,
  pg_shseclabel: OF_OWN_DATABASE,
  pg_tablespace: 'oid IN (SELECT c.reltablespace FROM pg_catalog.pg_class c)',
}

/** Those that do not: each with the reason. */
export const NOT_WATCHED: Readonly<Record<string, string>> = {
  pg_statistic: 'data: what ANALYZE found',
  pg_statistic_ext_data: 'data: what ANALYZE found',
  pg_largeobject: 'data',
  pg_largeobject_metadata: 'data',
  pg_shdepend: 'only follows what the watched rows say',
  pg_authid: 'not for everybody to read: the names are read from pg_roles, by value',
  pg_auth_members: 'of the server: no fact is read from it',
  pg_parameter_acl: 'of the server: no fact is read from it',
  pg_replication_origin: 'of the server: no fact is read from it',
  pg_subscription: 'not for everybody to read: its open columns are read by value',
  pg_subscription_rel: 'data: how far a subscription came',
  pg_user_mapping: 'not for everybody to read: pg_user_mappings is read by value',
}

/** Rows that not everybody may ask for their xmin: by value. A column that a major lacks is taken from `none`. */
const BY_VALUE = [
  // Servers make and drop roles every hour: those count that something in this database belongs to or names.
  `SELECT 'pg_roles', pg_catalog.count(*), pg_catalog.sum(pg_catalog.hash_record_extended(ROW(oid, rolname), 0)) FROM pg_catalog.pg_roles
     WHERE oid < 16384 OR oid IN (SELECT d.refobjid FROM pg_catalog.pg_shdepend d
         WHERE d.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass AND (d.dbid = ${OWN_DATABASE}
           OR (d.dbid = 0 AND (d.classid <> 'pg_catalog.pg_database'::pg_catalog.regclass OR d.objid = ${OWN_DATABASE}))))
       OR oid IN (SELECT r.setrole FROM pg_catalog.pg_db_role_setting r WHERE r.setdatabase IN (0, ${OWN_DATABASE}))`,
  `SELECT 'pg_user_mappings', pg_catalog.count(*), pg_catalog.sum(pg_catalog.hash_record_extended(ROW(umid, srvid, umuser), 0))
     FROM pg_catalog.pg_user_mappings`,
  `SELECT 'pg_subscription', pg_catalog.count(*), pg_catalog.sum(pg_catalog.hashtextextended(of.words, 0))
     FROM (SELECT NULL AS suborigin, NULL AS subpasswordrequired, NULL AS subrunasowner, NULL AS subfailover) none
     CROSS JOIN LATERAL (SELECT ROW(s.oid, s.subname, s.subowner, s.subenabled, s.subbinary, s.substream, s.subtwophasestate,
       s.subdisableonerr, s.subslotname, s.subsynccommit, s.subpublications, suborigin, subpasswordrequired, subrunasowner,
       subfailover)::text AS words FROM pg_catalog.pg_subscription s WHERE s.subdbid = ${OWN_DATABASE}) of`,
]

const ROWS = Object.entries(WATCHED).map(
  ([catalog, where]) => `SELECT xmin FROM pg_catalog.${catalog}${where === ALL ? '' : ` WHERE ${where}`}`,
)

/**
 * How many watched rows there are, and a sum of hashes over how many are of which transaction (xmin; manual, 5.6). That is enough to
 * know them by: where a row was made or changed, one is there of a transaction that was not to be seen before, and so of none that was counted;
 * where rows have merely gone, fewer are counted. VACUUM keeps xmin, and statistics are written in place.
 */
export const CHANGE_TOKEN = `WITH temporary_schema AS MATERIALIZED (
    SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname ~ '^pg_(toast_)?temp_'),
  temporary AS MATERIALIZED (SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relnamespace IN (SELECT oid FROM temporary_schema))
  SELECT 'rows' AS what, pg_catalog.sum(made.rows) AS rows, pg_catalog.sum(pg_catalog.hash_record_extended(ROW(made.xmin, made.rows), 0)) AS hash
    FROM (SELECT xmin, pg_catalog.count(*) AS rows FROM (${ROWS.join('\n      UNION ALL ')}) watched GROUP BY xmin) made
  UNION ALL ${BY_VALUE.join('\n  UNION ALL ')}`

/**
 * Which database of which server this is. A server that was set back to an earlier time hands out the same numbers again, but has been
 * started since; one that came back from a crash may have lost what was just committed, and has lost its statistics (monitoring/pgstat.c
 * and its heirs, pgstat_discard_stats).
 */
export const SERVER = `SELECT d.oid, pg_catalog.current_setting('server_version') AS version, CURRENT_USER AS reader,
     pg_catalog.pg_postmaster_start_time()::text AS started, pg_catalog.pg_stat_get_bgwriter_stat_reset_time()::text AS "countsSince"
   FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()`

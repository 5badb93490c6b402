// Which catalogs can hold schema, and a statement that proves whether any row of them was made, changed or dropped.
import { userSchema } from './catalog-query.ts'

/** How the rows of a catalog are told apart (columns, of the row itself), and which of them count. */
type Watched = { key: string; where?: string }

const OID: Watched = { key: 'oid' }

/** Rows of relations in user schemas; `key` starts with the column that names the relation. */
function ofRelation(key: string): Watched {
  return { key, where: `${key.split(',')[0] ?? key} IN (SELECT oid FROM relation)` }
}

function inNamespace(column: string): Watched {
  return { key: 'oid', where: `${column} IN (SELECT oid FROM namespace)` }
}

const OWN_DATABASE = `(SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())`

const OF_OWN_DATABASE = `classoid = 'pg_catalog.pg_database'::pg_catalog.regclass AND objoid = ${OWN_DATABASE}`

/**
 * The catalogs of which a row's birth, change or end moves the token: all that hold schema. What is temporary lives in a schema of
 * its own and never counts; toast tables do, since they carry storage parameters.
 */
export const WATCHED: Readonly<Record<string, Watched>> = {
  pg_namespace: { key: 'oid', where: 'oid IN (SELECT oid FROM namespace)' },
  pg_class: {
    key: 'oid',
    // Of a toast table only its storage parameters are facts.
    where: `(relnamespace IN (SELECT oid FROM namespace) OR (relnamespace = 'pg_toast'::pg_catalog.regnamespace AND reloptions IS NOT NULL))`,
  },
  pg_attribute: { key: 'attrelid, attnum', where: 'attnum > 0 AND attrelid IN (SELECT oid FROM relation)' },
  pg_attrdef: ofRelation('adrelid, adnum'),
  pg_index: ofRelation('indexrelid'),
  // The internal ones come with their constraint: that one is switched off is a fact.
  pg_trigger: {
    key: 'tgrelid, oid',
    where: `(NOT tgisinternal OR tgenabled <> 'O') AND tgrelid IN (SELECT oid FROM relation)`,
  },
  pg_policy: ofRelation('polrelid, oid'),
  pg_rewrite: ofRelation('ev_class, oid'),
  pg_inherits: ofRelation('inhrelid, inhparent'),
  pg_partitioned_table: ofRelation('partrelid'),
  pg_sequence: ofRelation('seqrelid'),
  pg_foreign_table: ofRelation('ftrelid'),
  pg_constraint: inNamespace('connamespace'),
  pg_type: inNamespace('typnamespace'),
  pg_proc: inNamespace('pronamespace'),
  pg_operator: inNamespace('oprnamespace'),
  pg_opclass: inNamespace('opcnamespace'),
  pg_opfamily: inNamespace('opfnamespace'),
  pg_collation: inNamespace('collnamespace'),
  pg_conversion: inNamespace('connamespace'),
  pg_statistic_ext: inNamespace('stxnamespace'),
  pg_ts_config: inNamespace('cfgnamespace'),
  pg_ts_dict: inNamespace('dictnamespace'),
  pg_ts_parser: inNamespace('prsnamespace'),
  pg_ts_template: inNamespace('tmplnamespace'),
  pg_ts_config_map: { key: 'mapcfg, maptokentype, mapseqno' },
  pg_aggregate: { key: 'aggfnoid' },
  pg_enum: OID,
  pg_range: { key: 'rngtypid' },
  pg_amop: OID,
  pg_amproc: OID,
  pg_am: OID,
  pg_cast: OID,
  pg_language: OID,
  pg_transform: OID,
  pg_extension: OID,
  pg_event_trigger: OID,
  pg_default_acl: OID,
  pg_foreign_data_wrapper: OID,
  pg_foreign_server: OID,
  pg_publication: OID,
  pg_publication_rel: OID,
  pg_publication_namespace: OID,
  pg_init_privs: { key: 'classoid, objoid, objsubid' },
  pg_seclabel: { key: 'classoid, objoid, objsubid, provider' },
  pg_description: {
    key: 'classoid, objoid, objsubid',
    where: `(classoid <> 'pg_catalog.pg_class'::pg_catalog.regclass OR objoid IN (SELECT oid FROM relation))`,
  },
  // Extensions take members in and let go of them here alone; what else depends on what has a row of its own that changes along.
  pg_depend: {
    key: 'classid, objid, refobjid',
    where: `refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass`,
  },
  pg_database: { key: 'oid', where: 'datname = pg_catalog.current_database()' },
  pg_db_role_setting: { key: 'setdatabase, setrole', where: `setdatabase IN (0, ${OWN_DATABASE})` },
  pg_shdescription: { key: 'classoid, objoid', where: OF_OWN_DATABASE },
  pg_shseclabel: { key: 'classoid, objoid, provider', where: OF_OWN_DATABASE },
  pg_tablespace: { key: 'oid', where: 'oid IN (SELECT c.reltablespace FROM pg_catalog.pg_class c)' },
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

/**
 * One row for each watched catalog: its name, how many rows it has, and the sum of the hashes of key and xmin. A row that was changed
 * has the xmin of the transaction that changed it (manual, 5.6); freezing keeps it, and statistics are written in place.
 */
export const CHANGE_TOKEN = `WITH namespace AS MATERIALIZED (SELECT n.oid FROM pg_catalog.pg_namespace n WHERE ${userSchema('n')}),
  relation AS MATERIALIZED (SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relnamespace IN (SELECT oid FROM namespace))
  ${[
    ...Object.entries(WATCHED).map(
      ([catalog, { key, where = 'true' }]) =>
        `SELECT '${catalog}' AS catalog, pg_catalog.count(*) AS rows, pg_catalog.sum(pg_catalog.hash_record_extended(ROW(${key}, xmin), 0)) AS hash
     FROM pg_catalog.${catalog} WHERE ${where}`,
    ),
    ...BY_VALUE,
  ].join('\n  UNION ALL ')}`

/**
 * Which database of which server this is. A server that was set back to an earlier time hands out the same numbers again, but has been
 * started since.
 */
export const SERVER = `SELECT d.oid, pg_catalog.current_setting('server_version') AS version, CURRENT_USER AS reader,
     pg_catalog.pg_postmaster_start_time()::text AS started
   FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()`

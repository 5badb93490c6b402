// The least SQL that reads every fact that the extractor reads: rows as they are, joined with nothing, no name looked up, deparsed only what
// only the server can deparse. What is built in is left out where its identifier says so.

const SCHEMAS = `(SELECT oid FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')`
const RELATIONS = `(SELECT oid FROM pg_catalog.pg_class WHERE relnamespace IN ${SCHEMAS})`
/** Relations whose columns are facts: those of sequences and indexes are not. */
const WITH_COLUMNS = `(SELECT oid FROM pg_catalog.pg_class WHERE relnamespace IN ${SCHEMAS} AND relkind IN ('r', 'p', 'v', 'm', 'f', 'c'))`

/** Catalogs of few rows, whole. */
const WHOLE =
  'namespace extension enum range sequence inherits am tablespace language default_acl db_role_setting publication publication_rel ' +
  'publication_namespace foreign_server foreign_data_wrapper foreign_table event_trigger transform roles user_mappings seclabel shseclabel ' +
  'init_privs statistic_ext'

/** Catalogs that come with many rows: those that people made. */
const MADE = 'operator opclass opfamily amop amproc cast collation conversion ts_config ts_dict ts_parser ts_template'

export const FLOOR = [
  ...WHOLE.split(' ').map((name) => `SELECT * FROM pg_catalog.pg_${name}`),
  ...MADE.split(' ').map((name) => `SELECT * FROM pg_catalog.pg_${name} WHERE oid >= 16384`),
  `SELECT * FROM pg_catalog.pg_ts_config_map WHERE mapcfg >= 16384`,
  `SELECT * FROM pg_catalog.pg_aggregate WHERE aggfnoid >= 16384`,
  `SELECT * FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()`,
  `SELECT oid, subname, subenabled, subpublications, subslotname, subsynccommit, subbinary, subtwophasestate, substream, subdisableonerr FROM pg_catalog.pg_subscription`,
  `SELECT oid, relname, relnamespace, relkind, relpersistence, relowner, relacl, reloptions, relam, reltablespace, reloftype, reltoastrelid, relrowsecurity,
     relforcerowsecurity, relreplident, relispartition, relispopulated, CASE WHEN relispartition THEN pg_catalog.pg_get_expr(relpartbound, oid) END AS bound,
     CASE relkind WHEN 'p' THEN pg_catalog.pg_get_partkeydef(oid) WHEN 'v' THEN pg_catalog.pg_get_viewdef(oid) WHEN 'm' THEN pg_catalog.pg_get_viewdef(oid) END AS text
   FROM pg_catalog.pg_class WHERE relnamespace IN ${SCHEMAS} AND relkind NOT IN ('i', 'I')`,
  `SELECT oid, reloptions FROM pg_catalog.pg_class WHERE relkind = 't' AND reloptions IS NOT NULL`,
  `SELECT attrelid, attnum, attname, pg_catalog.format_type(atttypid, atttypmod) AS type, attnotnull, attidentity, attgenerated, attcollation, attstorage,
     attcompression, attstattarget, attoptions, attfdwoptions, attinhcount, attislocal, attacl
   FROM pg_catalog.pg_attribute WHERE attnum > 0 AND NOT attisdropped AND attrelid IN ${WITH_COLUMNS}`,
  // Statistics targets of the expressions of indexes.
  `SELECT attrelid, attnum, attstattarget FROM pg_catalog.pg_attribute WHERE attstattarget > 0 AND attnum > 0 AND attrelid NOT IN ${WITH_COLUMNS}`,
  `SELECT adrelid, adnum, pg_catalog.pg_get_expr(adbin, adrelid) AS text FROM pg_catalog.pg_attrdef`,
  `SELECT oid, conrelid, contypid, conname, contype, convalidated, connoinherit, coninhcount, conislocal, conparentid, conindid,
     pg_catalog.pg_get_constraintdef(oid) AS text
   FROM pg_catalog.pg_constraint WHERE connamespace IN ${SCHEMAS} AND contype <> 'n'`,
  `SELECT conrelid, conkey, convalidated, connoinherit FROM pg_catalog.pg_constraint WHERE contype = 'n' AND (connoinherit OR NOT convalidated)`,
  `SELECT x.indexrelid, x.indrelid, c.relname, c.reloptions, c.reltablespace, x.indisunique, x.indisvalid, x.indisready, x.indisclustered, x.indisreplident,
     CASE WHEN k.conindid IS NULL THEN pg_catalog.pg_get_indexdef(x.indexrelid) END AS text
   FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
   LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x') WHERE c.relnamespace IN ${SCHEMAS}`,
  // Row and array types are parts of other things.
  `SELECT *, pg_catalog.pg_get_expr(typdefaultbin, 0) AS text FROM pg_catalog.pg_type WHERE typnamespace IN ${SCHEMAS} AND typtype <> 'c'
     AND typinput <> 'pg_catalog.array_in'::pg_catalog.regproc`,
  `SELECT oid, typname, typacl, typowner FROM pg_catalog.pg_type WHERE typrelid IN (SELECT oid FROM pg_catalog.pg_class WHERE relkind = 'c' AND relnamespace IN ${SCHEMAS})`,
  `SELECT oid, proname, pronamespace, prokind, proowner, proacl, prolang, prosrc, probin, provolatile, proisstrict, prosecdef, proleakproof, proparallel, procost,
     prorows, proconfig, prosupport, protrftypes, pg_catalog.pg_get_function_arguments(oid) AS arguments, pg_catalog.pg_get_function_result(oid) AS result,
     pg_catalog.oidvectortypes(proargtypes) AS types, pg_catalog.pg_get_function_sqlbody(oid) AS body,
     CASE WHEN prokind <> 'a' THEN pg_catalog.pg_get_functiondef(oid) END AS text
   FROM pg_catalog.pg_proc WHERE pronamespace IN ${SCHEMAS}`,
  `SELECT stx.oid, pg_catalog.pg_get_statisticsobjdef(stx.oid) AS text FROM pg_catalog.pg_statistic_ext stx`,
  `SELECT oid, tgrelid, tgname, tgenabled, pg_catalog.pg_get_triggerdef(oid) AS text FROM pg_catalog.pg_trigger WHERE NOT tgisinternal AND tgrelid IN ${RELATIONS}`,
  `SELECT tgconstraint, tgrelid, tgenabled FROM pg_catalog.pg_trigger WHERE tgisinternal AND tgenabled <> 'O'`,
  `SELECT oid, polrelid, polname, polcmd, polpermissive, polroles, pg_catalog.pg_get_expr(polqual, polrelid) AS using, pg_catalog.pg_get_expr(polwithcheck, polrelid) AS check FROM pg_catalog.pg_policy`,
  `SELECT oid, ev_class, rulename, ev_enabled, pg_catalog.pg_get_ruledef(oid) AS text FROM pg_catalog.pg_rewrite WHERE rulename <> '_RETURN' AND ev_class IN ${RELATIONS}`,
  `SELECT classid, objid, refobjid FROM pg_catalog.pg_depend WHERE refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass`,
  // Which sequence belongs to which column.
  `SELECT objid, refobjid, refobjsubid, deptype FROM pg_catalog.pg_depend WHERE classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND refobjsubid > 0
     AND deptype IN ('a', 'i') AND objid IN (SELECT seqrelid FROM pg_catalog.pg_sequence)`,
  // Whatever kind of thing people made: what is of none of the kinds above is told too.
  `SELECT DISTINCT classid FROM pg_catalog.pg_depend WHERE objid >= 16384`,
  `SELECT classoid, objoid, objsubid, description FROM pg_catalog.pg_description WHERE objoid >= 16384 OR classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass`,
  `SELECT objoid, classoid, description FROM pg_catalog.pg_shdescription WHERE classoid = 'pg_catalog.pg_database'::pg_catalog.regclass`,
].join(';\n')

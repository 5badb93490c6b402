// How long the extractor takes against a floor that reads the same facts with the least SQL: rows as they are, joined with nothing, no
// name looked up, deparsed only what only the server can deparse.
import { withSnapshot } from '../lib/postgres/client.ts'
import type { Target } from '../lib/postgres/target.ts'
import { readChangeToken } from '../lib/schema/change-token.ts'
import { extractCatalog } from '../lib/schema/extract-catalog.ts'
import { compare, type Comparison } from './measure.ts'

const SCHEMAS = `(SELECT oid FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')`
const RELATIONS = `(SELECT oid FROM pg_catalog.pg_class WHERE relnamespace IN ${SCHEMAS})`
/** Catalogs of few rows, whole. */
const WHOLE =
  'namespace extension enum range sequence inherits am tablespace language default_acl db_role_setting publication publication_rel ' +
  'publication_namespace foreign_server foreign_data_wrapper foreign_table event_trigger transform roles user_mappings ts_config_map seclabel'

const FLOOR = [
  ...WHOLE.split(' ').map((name) => `SELECT * FROM pg_catalog.pg_${name}`),
  `SELECT oid, relname, relnamespace, relkind, relpersistence, relowner, relacl, reloptions, relam, reltablespace, reloftype, reltoastrelid, relrowsecurity,
     relforcerowsecurity, relreplident, relispartition, relispopulated, pg_catalog.pg_get_expr(relpartbound, oid) AS bound,
     CASE relkind WHEN 'p' THEN pg_catalog.pg_get_partkeydef(oid) WHEN 'v' THEN pg_catalog.pg_get_viewdef(oid) WHEN 'm' THEN pg_catalog.pg_get_viewdef(oid) END AS text
   FROM pg_catalog.pg_class WHERE relnamespace IN ${SCHEMAS} AND relkind NOT IN ('i', 'I')`,
  `SELECT attrelid, attnum, attname, pg_catalog.format_type(atttypid, atttypmod) AS type, attnotnull, attidentity, attgenerated, attcollation, attstorage,
     attcompression, attstattarget, attoptions, attinhcount, attacl
   FROM pg_catalog.pg_attribute WHERE attnum > 0 AND NOT attisdropped AND attrelid IN (SELECT oid FROM pg_catalog.pg_class WHERE relnamespace IN ${SCHEMAS} AND relkind NOT IN ('i', 'I'))`,
  `SELECT adrelid, adnum, pg_catalog.pg_get_expr(adbin, adrelid) AS text FROM pg_catalog.pg_attrdef WHERE adrelid IN ${RELATIONS}`,
  `SELECT oid, conrelid, contypid, conname, contype, convalidated, coninhcount, conindid, pg_catalog.pg_get_constraintdef(oid) AS text
   FROM pg_catalog.pg_constraint WHERE connamespace IN ${SCHEMAS} AND contype <> 'n'`,
  `SELECT x.indexrelid, x.indrelid, c.relname, c.reloptions, c.reltablespace, x.indisunique, x.indisvalid, x.indisready, x.indisclustered, x.indisreplident,
     CASE WHEN k.conindid IS NULL THEN pg_catalog.pg_get_indexdef(x.indexrelid) END AS text
   FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
   LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x') WHERE c.relnamespace IN ${SCHEMAS}`,
  `SELECT oid, typname, typnamespace, typtype, typowner, typacl, typnotnull, typcollation, typdefault FROM pg_catalog.pg_type WHERE typnamespace IN ${SCHEMAS} AND typtype IN ('d', 'e', 'r', 'm')`,
  `SELECT *, CASE WHEN prokind <> 'a' THEN pg_catalog.pg_get_functiondef(oid) END AS text FROM pg_catalog.pg_proc WHERE pronamespace IN ${SCHEMAS}`,
  `SELECT oid, tgrelid, tgname, tgenabled, pg_catalog.pg_get_triggerdef(oid) AS text FROM pg_catalog.pg_trigger WHERE NOT tgisinternal AND tgrelid IN ${RELATIONS}`,
  `SELECT tgconstraint, tgrelid, tgenabled FROM pg_catalog.pg_trigger WHERE tgisinternal AND tgenabled <> 'O'`,
  `SELECT oid, polrelid, polname, polcmd, polpermissive, polroles, pg_catalog.pg_get_expr(polqual, polrelid) AS using, pg_catalog.pg_get_expr(polwithcheck, polrelid) AS check FROM pg_catalog.pg_policy`,
  `SELECT oid, ev_class, rulename, ev_enabled, pg_catalog.pg_get_ruledef(oid) AS text FROM pg_catalog.pg_rewrite WHERE rulename <> '_RETURN' AND ev_class IN ${RELATIONS}`,
  `SELECT classid, objid, refobjid, refobjsubid, deptype FROM pg_catalog.pg_depend WHERE refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
     OR (classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND refobjsubid > 0 AND deptype IN ('a', 'i'))`,
  `SELECT classoid, objoid, objsubid, description FROM pg_catalog.pg_description WHERE objoid >= 16384 OR classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass`,
].join(';\n')

export async function extract(target: Target): Promise<unknown> {
  return await withSnapshot(target, 'bench', (client) => extractCatalog(client, { ledger: null }))
}

/** Connection included: what a check pays. */
export async function compareCatalogReads(target: Target, what: string, rounds: number): Promise<Comparison> {
  return await compare(
    `Catalog read, ${what}`,
    { name: 'raingauge extractCatalog', run: () => extract(target) },
    {
      name: 'floor: the same facts, least SQL',
      run: () => withSnapshot(target, 'bench', (client) => client.query(`SET LOCAL jit = off; ${FLOOR}`)),
    },
    rounds,
  )
}

/** What an unchanged database costs against one that is read whole. */
export async function compareToken(target: Target, what: string, rounds: number): Promise<Comparison> {
  return await compare(
    `Change token, ${what}`,
    { name: 'raingauge readChangeToken', run: () => withSnapshot(target, 'bench', readChangeToken) },
    { name: 'raingauge extractCatalog', run: () => extract(target) },
    rounds,
  )
}

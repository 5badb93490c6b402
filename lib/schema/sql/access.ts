import { beyondDefault, parseAcl } from '../access/acl.ts'
import { futureFact, ITS_OWNER, ownsFact, PUBLIC } from '../access/access-facts.ts'
import { qualifiedName, type CatalogObject, type Fact } from '../catalog.ts'
import {
  anyMade,
  anyRow,
  madeByPeople,
  notOfExtension,
  OWN_DATABASE,
  userSchema,
  type CatalogGroupQuery,
} from './catalog-query.ts'
import { shownOptions } from './hidden-values.ts'
import { HOME_OWNER } from './home-owner.ts'

export type AccessRow = {
  /** Class of the object; `future` for default privileges, `settings` for those of a role in this database. */
  class: string
  path: (string | null)[]
  /** In parentheses after the name. */
  signature: string | null
  /** In whose hands it is. */
  owner: string
  /** Told, since it is not the role that the migrations run as. */
  otherOwner: boolean
  acl: string[] | null
  usual: string[] | null
}

/** Catalogs that are only asked who owns what in them, with their columns for that and for the schema. */
const OWNED: readonly [catalog: string, owner: string, schema: string][] = [
  ['pg_collation', 'collowner', 'collnamespace'],
  ['pg_conversion', 'conowner', 'connamespace'],
  ['pg_operator', 'oprowner', 'oprnamespace'],
  ['pg_opclass', 'opcowner', 'opcnamespace'],
  ['pg_opfamily', 'opfowner', 'opfnamespace'],
  ['pg_ts_config', 'cfgowner', 'cfgnamespace'],
  ['pg_ts_dict', 'dictowner', 'dictnamespace'],
  ['pg_statistic_ext', 'stxowner', 'stxnamespace'],
  ['pg_event_trigger', 'evtowner', 'NULL::oid'],
  ['pg_publication', 'pubowner', 'NULL::oid'],
]

/** Only what the server did not bring: its own identifiers are lower (access/transam.h, FirstNormalObjectId). */
const OWNED_BY_OTHERS = `SELECT i.type, ARRAY[i.identity], NULL, o.owner, true, NULL::text[], NULL::text[]
    FROM (${OWNED.map(
      ([catalog, owner, schema]) =>
        `SELECT 'pg_catalog.${catalog}'::pg_catalog.regclass::oid AS classid, oid, ${owner} AS owner, ${schema} AS namespace
        FROM pg_catalog.${catalog} WHERE oid >= 16384`,
    ).join(
      '\n      UNION ALL ',
    )}) o CROSS JOIN home CROSS JOIN LATERAL pg_catalog.pg_identify_object(o.classid, o.oid, 0) i
    WHERE o.owner <> home.oid AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_namespace n WHERE n.oid = o.namespace AND NOT (${userSchema('n')}))
      AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend e WHERE e.classid = o.classid AND e.objid = o.oid AND e.deptype = 'e')`

const acl = (list: string, kind: string, owner: string): string =>
  `${list}::text[], CASE WHEN ${list} IS NOT NULL THEN pg_catalog.acldefault(${kind}, ${owner})::text[] END`

/** Of which kinds there are rows in every database. */
const USUAL = `
  SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign table' ELSE 'table' END
      AS class, ARRAY[n.nspname, c.relname]::text[] AS path, NULL::text AS signature, c.relowner AS owner,
      c.relowner <> home.oid AND NOT (c.relkind = 'S' AND EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
        WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0)) AS other,
      ${acl('c.relacl', `CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END`, 'c.relowner')} AS usual
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace CROSS JOIN home
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND (c.relacl IS NOT NULL OR c.relowner <> home.oid) AND ${userSchema('n')}
      AND ${notOfExtension('pg_class', 'c.oid')}
  UNION ALL
  SELECT 'schema', ARRAY[n.nspname]::text[], NULL, n.nspowner, n.nspowner <> home.oid AND n.nspname <> 'public',
      COALESCE(n.nspacl, pg_catalog.acldefault('n', n.nspowner))::text[],
      CASE WHEN n.nspname = 'public' THEN pg_catalog.array_append(pg_catalog.acldefault('n', n.nspowner)::text[], '=U/owner')
        ELSE pg_catalog.acldefault('n', n.nspowner)::text[] END
    FROM pg_catalog.pg_namespace n CROSS JOIN home
    WHERE (n.nspacl IS NOT NULL OR n.nspname = 'public' OR n.nspowner <> home.oid) AND ${userSchema('n')} AND ${notOfExtension('pg_namespace', 'n.oid')}`

const COLUMNS = `SELECT 'column', ARRAY[n.nspname, c.relname, a.attname]::text[], NULL, c.relowner, false, a.attacl::text[], '{}'::text[]
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND ${userSchema('n')} AND ${notOfExtension('pg_class', 'c.oid')}`

const FUNCTIONS = `SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END, ARRAY[n.nspname, p.proname]::text[],
      pg_catalog.oidvectortypes(p.proargtypes), p.proowner, p.proowner <> home.oid, ${acl('p.proacl', `'f'`, 'p.proowner')}
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace CROSS JOIN home
    WHERE (p.proacl IS NOT NULL OR p.proowner <> home.oid) AND ${userSchema('n')} AND ${notOfExtension('pg_proc', 'p.oid')}`

const TYPES = `SELECT CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'c' THEN 'composite type' WHEN 'r' THEN 'range type' ELSE 'base type' END,
      ARRAY[n.nspname, t.typname]::text[], NULL, t.typowner, t.typowner <> home.oid, ${acl('t.typacl', `'T'`, 't.typowner')}
    FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace CROSS JOIN home
    LEFT JOIN pg_catalog.pg_class k ON k.oid = t.typrelid
    WHERE (t.typacl IS NOT NULL OR t.typowner <> home.oid) AND (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'b' AND t.typcategory <> 'A') OR k.relkind = 'c')
      AND ${userSchema('n')} AND ${notOfExtension('pg_type', 't.oid')}`

const DATABASE = `SELECT 'database', ARRAY['itself'], NULL, b.datdba, false, ${acl('b.datacl', `'d'`, 'b.datdba')}
    FROM pg_catalog.pg_database b WHERE b.datname = pg_catalog.current_database() AND b.datacl IS NOT NULL`

const LANGUAGES = `SELECT 'language', ARRAY[l.lanname]::text[], NULL, l.lanowner, false, ${acl('l.lanacl', `'l'`, 'l.lanowner')}
    FROM pg_catalog.pg_language l
    -- Of those that are no procedural languages pg_dump keeps nothing.
    WHERE l.lanispl AND l.lanacl IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_init_privs i
      WHERE i.objoid = l.oid AND i.classoid = 'pg_catalog.pg_language'::pg_catalog.regclass AND i.initprivs::text = l.lanacl::text)`

const FOREIGN = `SELECT 'foreign data wrapper', ARRAY[f.fdwname]::text[], NULL, f.fdwowner, f.fdwowner <> home.oid, ${acl('f.fdwacl', `'F'`, 'f.fdwowner')}
    FROM pg_catalog.pg_foreign_data_wrapper f CROSS JOIN home WHERE ${notOfExtension('pg_foreign_data_wrapper', 'f.oid')}
  UNION ALL
  SELECT 'server', ARRAY[s.srvname]::text[], NULL, s.srvowner, s.srvowner <> home.oid, ${acl('s.srvacl', `'S'`, 's.srvowner')}
    FROM pg_catalog.pg_foreign_server s CROSS JOIN home WHERE ${notOfExtension('pg_foreign_server', 's.oid')}`

const FUTURE = `SELECT 'future', ARRAY[CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types'
        WHEN 'n' THEN 'schemas' ELSE 'objects' END, n.nspname, CASE WHEN d.defaclrole <> home.oid THEN m.rolname END]::text[], NULL, d.defaclrole, false,
      d.defaclacl::text[], CASE WHEN d.defaclnamespace = 0 THEN
        pg_catalog.acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's'::"char" ELSE d.defaclobjtype END, d.defaclrole)::text[] ELSE '{}' END
    FROM pg_catalog.pg_default_acl d CROSS JOIN home LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace
    LEFT JOIN pg_catalog.pg_roles m ON m.oid = d.defaclrole
    -- Those of large objects (18) are about data.
    WHERE d.defaclobjtype <> 'L' AND (n.oid IS NULL OR ${userSchema('n')})`

const SETTINGS = `SELECT 'settings', '{}', NULL, s.setrole, false, ${shownOptions('s.setconfig')}, '{}'
    FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database b ON b.oid = s.setdatabase
    WHERE b.datname = pg_catalog.current_database() AND s.setrole <> 0`

/**
 * Who owns what and who may do what, as far as it is not as it comes: only rows whose owner is not the role that the migrations run
 * as, or that have an ACL. Large objects are data, parameters and tablespaces are the server's, and subscriptions and extensions only
 * superusers own.
 */
function statement(rows: string): string {
  return `WITH home AS MATERIALIZED (SELECT ${HOME_OWNER} AS oid)
  SELECT x.class, x.path, x.signature, COALESCE(r.rolname, x.owner::oid::text) AS owner, x.other AS "otherOwner", x.acl, x.usual
  FROM (${rows}) x (class, path, signature, owner, other, acl, usual) LEFT JOIN pg_catalog.pg_roles r ON r.oid = x.owner`
}

/** Found once, and not for each row. */
const HOME = `(SELECT ${HOME_OWNER})`

/** Each role that owns something or was granted something here, with all of it: what one role may do is one thing, on ninety tables too. */
export const access: CatalogGroupQuery<AccessRow, AccessRow[][]> = {
  sql: statement(USUAL),
  parts: [
    { sql: statement(COLUMNS), inUse: [anyRow('pg_attribute', `${madeByPeople('attrelid')} AND attacl IS NOT NULL`)] },
    { sql: statement(FUNCTIONS), inUse: [anyMade('pg_proc', `(proacl IS NOT NULL OR proowner <> ${HOME})`)] },
    { sql: statement(TYPES), inUse: [anyMade('pg_type', `(typacl IS NOT NULL OR typowner <> ${HOME})`)] },
    {
      sql: statement(DATABASE),
      inUse: [anyRow('pg_database', `oid = ${OWN_DATABASE} AND datacl IS NOT NULL`)],
    },
    { sql: statement(LANGUAGES), inUse: [anyRow('pg_language', 'lanispl AND lanacl IS NOT NULL')] },
    { sql: statement(FOREIGN), inUse: [anyRow('pg_foreign_data_wrapper')] },
    { sql: statement(FUTURE), inUse: [anyRow('pg_default_acl')] },
    {
      sql: statement(SETTINGS),
      inUse: [anyRow('pg_db_role_setting', `setdatabase = ${OWN_DATABASE} AND setrole <> 0`)],
    },
    { sql: statement(OWNED_BY_OTHERS), inUse: OWNED.map(([catalog]) => anyMade(catalog)) },
  ],
  objects: (rows, _, ...others) => rolesOf([...rows, ...others.flat()]),
}

/** One object for each role that a row names. */
function rolesOf(rows: readonly AccessRow[]): CatalogObject[] {
  const roles = new Map<string, Record<string, Fact>>()
  const tell = (role: string, fact: string, value: Fact): void => {
    const facts = roles.get(role) ?? {}
    // The same default privileges by two roles that both go by no name.
    facts[fact] =
      Array.isArray(value) && Array.isArray(facts[fact]) ? [...new Set([...facts[fact], ...value])].toSorted() : value
    roles.set(role, facts)
  }
  for (const row of rows) {
    if (row.class === 'settings') {
      tell(row.owner, 'settings', row.acl ?? [])
      continue
    }
    const about = factName(row)
    if (row.otherOwner) tell(row.owner, ownsFact(about), true)
    if (row.acl === null) continue
    for (const [grantee, privileges] of beyondDefault(parseAcl(row.acl), parseAcl(row.usual ?? []))) {
      if (grantee !== row.owner) tell(grantee === '' ? PUBLIC : grantee, about, [...privileges])
      else if (row.class !== 'future' && privileges.some((each) => each.startsWith('no '))) {
        tell(
          ITS_OWNER,
          about,
          privileges.filter((each) => each.startsWith('no ')),
        )
      }
    }
  }
  return [...roles].map(([name, attributes]) => ({ class: 'role', name, path: [name], attributes }))
}

function factName({ class: kind, path, signature }: AccessRow): string {
  if (kind === 'future') {
    const [objects = '', schema = null, maker = null] = path
    return futureFact(objects ?? '', schema === null ? null : qualifiedName([schema]), maker)
  }
  const parts = path.filter((part) => part !== null)
  // What the server identified is a name already.
  const name = parts.length === 1 && !NAMED_BY_PATH.has(kind) ? parts.join('') : qualifiedName(parts)
  return `${kind} ${name}${signature === null ? '' : `(${signature})`}`
}

const NAMED_BY_PATH = new Set(['schema', 'language', 'foreign data wrapper', 'server', 'database'])

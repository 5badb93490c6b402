// The session in which a deploy finds itself: whose it is, and what is set in it.
import pg from 'pg'
import type { Platform } from '../config/config.ts'
import type { Queryable } from '../postgres/client.ts'
import { platformSettings } from './lend-platform.ts'
import { makeRoles } from './make-roles.ts'

/** The role that runs the migrations. */
export type Deployer = {
  name: string
  /** As in CREATE ROLE: those of {@link ATTRIBUTES}. */
  attributes: readonly string[]
  memberOf: readonly string[]
}

const ATTRIBUTES = ['SUPERUSER', 'CREATEROLE', 'CREATEDB', 'BYPASSRLS']

/**
 * What decides which moment a constant means that migrations give without a time zone, or with the day before the month, and which schema a
 * name without one. `search_path` is there where the server keeps one for the sessions of the role.
 */
export type SessionSettings = { timezone: string; datestyle: string; search_path?: string }

export type SessionOptions = {
  /** Without it, the superuser of the scratch server. */
  deployer?: Deployer | undefined
  settings?: SessionSettings | undefined
  /** Whose roles have settings that migrations lean on. */
  platform?: Platform | null
}

/**
 * Makes the role on a scratch server, and gives it the database as an owner of databases would have it. It becomes a member of those roles that
 * are there: others the migrations make, and so it becomes one of theirs.
 */
export async function makeDeployer(client: Queryable, database: string, deployer: Deployer): Promise<void> {
  const name = pg.escapeIdentifier(deployer.name)
  await makeRoles(client, [deployer.name])
  // Roles belong to the server: one of another replay may be there.
  const attributes = ATTRIBUTES.map((each) => (deployer.attributes.includes(each) ? each : `NO${each}`))
  await client.query(
    `ALTER ROLE ${name} ${attributes.join(' ')}; ALTER DATABASE ${pg.escapeIdentifier(database)} OWNER TO ${name}`,
  )
  const { rows } = await client.query<{ role: string }>(
    'SELECT rolname AS role FROM pg_catalog.pg_roles WHERE rolname = ANY ($1)',
    [deployer.memberOf],
  )
  for (const { role } of rows) await client.query(`GRANT ${pg.escapeIdentifier(role)} TO ${name}`)
}

/**
 * What the server keeps for sessions like this one, such as what a migration set with ALTER DATABASE or ALTER ROLE, in the order of
 * postinit.c (process_settings). Those alone that any role may set, and those that are no setting of the server.
 */
const KEPT_SETTINGS = `SELECT pg_catalog.set_config(kept.name, kept.value, false) FROM (
    SELECT pg_catalog.split_part(words, '=', 1) AS name, pg_catalog.substr(words, pg_catalog.strpos(words, '=') + 1) AS value
    FROM pg_catalog.pg_db_role_setting s, LATERAL pg_catalog.unnest(s.setconfig) AS words
    WHERE s.setrole IN (0, (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = session_user))
      AND s.setdatabase IN (0, (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()))
    ORDER BY s.setrole <> 0, s.setdatabase <> 0
  ) kept
  WHERE COALESCE((SELECT p.context = 'user' FROM pg_catalog.pg_settings p WHERE p.name = kept.name), kept.name LIKE '%.%')`

/** Makes a session as a deploy finds it, whatever was set in it. Not within a transaction. */
export async function freshSession(
  client: Queryable,
  { deployer, settings, platform = null }: SessionOptions,
): Promise<void> {
  const words = [
    'RESET SESSION AUTHORIZATION; RESET ALL',
    platform === null ? undefined : platformSettings(platform),
    deployer === undefined ? undefined : `SET SESSION AUTHORIZATION ${pg.escapeIdentifier(deployer.name)}`,
    ...Object.entries(settings ?? {}).map(
      ([name, value]) => `SELECT pg_catalog.set_config('${name}', ${pg.escapeLiteral(value)}, false)`,
    ),
    KEPT_SETTINGS,
  ]
  await client.query(words.filter((each) => each !== undefined).join('; '))
}

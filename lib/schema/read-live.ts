import type { LedgerName } from '../config/config.ts'
import type { Queryable } from '../postgres/client.ts'
import { majorOf, type Catalog } from './catalog.ts'
import { extractCatalog } from './extract-catalog.ts'
import type { Deployer, SessionSettings } from './fresh-session.ts'
import type { ExtensionName } from './replay-baseline.ts'
import { DEPLOYER } from './sql/deployer.ts'

export type Live = {
  catalog: Catalog
  /** Roles that migrations may name, for the replay. */
  roles: string[]
  /** Extensions that migrations may lean on, for the replay. */
  extensions: ExtensionName[]
  /** Who runs the migrations. */
  deployer: Deployer
  /** What its sessions begin with, as far as it decides what a constant means. */
  settings: SessionSettings
  /** Whose the database is; null where a ledger tells who deploys. */
  databaseOwner: string | null
  major: number
  /** Such as `17.10`. */
  serverVersion: string
}

type Surroundings = { roles: string[]; deployer: Deployer; settings: string[]; databaseOwner: string | null }

const SETTINGS = `SELECT pg_catalog.current_setting('TimeZone') AS timezone, pg_catalog.current_setting('DateStyle') AS datestyle`

/** What a watched database holds, and what a replay must know of its server. Use it inside one `withSnapshot`. */
export async function readLive(client: Queryable, ledger: LedgerName | null): Promise<Live> {
  const [session, catalog, deployer] = await Promise.all([
    // Before the reading of the catalog makes settings of its own.
    client.query<SessionSettings>(SETTINGS),
    extractCatalog(client, { ledger }),
    client.query<Surroundings>(DEPLOYER),
  ])
  const [{ roles, deployer: role, settings, databaseOwner }] = deployer.rows as [Surroundings]
  return {
    catalog,
    roles,
    extensions: catalog.objects.flatMap(({ class: kind, path: [name], attributes: { schema } }) =>
      kind === 'extension' && name !== undefined && typeof schema === 'string' ? [{ name, schema }] : [],
    ),
    deployer: role,
    databaseOwner,
    settings: { timezone: 'UTC', datestyle: 'ISO, MDY', ...session.rows[0], ...decisive(settings) },
    major: majorOf(catalog.serverVersion),
    serverVersion: catalog.serverVersion.split(' ')[0] ?? catalog.serverVersion,
  }
}

/** Of `name=value`, what is in the type. The search_path of this session is its own: only what the server keeps for others counts. */
function decisive(settings: readonly string[]): Partial<SessionSettings> {
  const pairs = settings.map((each) => /^(timezone|datestyle|search_path)=(.*)$/is.exec(each)?.slice(1) ?? [])
  return Object.fromEntries(pairs.flatMap(([name, value]) => (name === undefined ? [] : [[name.toLowerCase(), value]])))
}

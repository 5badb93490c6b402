// May this server be used as scratch? Asked before anything is made on it.
import { RaingaugeError } from '../error.ts'
import { withClient, type Queryable } from '../postgres/client.ts'
import { describeTarget, type Target } from '../postgres/target.ts'

/** Which server this is, whatever it is called; null where the role may not know. */
const IDENTITY = `CASE WHEN pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')
  THEN (SELECT system_identifier::text FROM pg_catalog.pg_control_system()) END`

const RIGHTS = `SELECT rolsuper OR rolcreatedb AS creates, ${IDENTITY} AS identity,
    pg_catalog.pg_is_in_recovery() OR pg_catalog.current_setting('transaction_read_only') = 'on' AS read_only
  FROM pg_catalog.pg_roles WHERE rolname = CURRENT_USER`

type Rights = { creates: boolean; identity: string | null; read_only: boolean }

const REMEDY = 'name in scratch.url a server that nobody minds losing, with a role that has CREATEDB and CREATEROLE'

/** Throws `scratch.unavailable` where the role may not make databases, the server is read-only, or it is one of the watched databases. */
export async function demandRights(client: Queryable, target: Target, watched: readonly Target[]): Promise<void> {
  const { rows } = await client.query<Rights>(RIGHTS)
  const rights = rows[0]
  if (rights === undefined) throw unusable(target, `does not know its role ${target.user}`)
  if (rights.read_only) throw unusable(target, 'is read-only')
  if (!rights.creates) throw unusable(target, `does not let ${target.user} create databases`)
  for (const other of watched) {
    if (await isSame(target, rights.identity, other)) {
      throw unusable(target, `is the watched database ${describeTarget(other)}: nothing is ever written to that server`)
    }
  }
}

async function isSame(target: Target, identity: string | null, other: Target): Promise<boolean> {
  if (target.database !== other.database) return false
  if (target.port === other.port && target.host === other.host) return true
  return identity !== null && identity === (await identityOf(other))
}

/** null: it cannot be asked, which its own check tells. */
async function identityOf(target: Target): Promise<string | null> {
  const [asked] = await Promise.allSettled([
    withClient(target, 'asking which server this is', async (client) => {
      const { rows } = await client.query<{ identity: string | null }>(`SELECT ${IDENTITY} AS identity`)
      return rows[0]?.identity ?? null
    }),
  ])
  return asked.status === 'fulfilled' ? asked.value : null
}

function unusable(target: Target, why: string): RaingaugeError {
  return new RaingaugeError('scratch.unavailable', `the scratch server ${describeTarget(target)} ${why}`, {
    remedy: REMEDY,
  })
}

import { RaingaugeError } from '../../error.ts'
import type { Target } from '../../postgres/target.ts'

/** Supabase's transaction pooler. */
const SUPABASE_POOLER_PORT = 6543
const LOCAL = new Set(['localhost', '127.0.0.1', '::1'])

/**
 * Throws `config.invalid` when the target is a connection pooler, behind which pg_dump's settings, locks and snapshot do not stay
 * with one session: Neon's `-pooler` hosts, and port 6543. Names the direct host. Source: Neon's and Supabase's guides on pg_dump.
 */
export function refusePooled(target: Target): void {
  const direct = directAddress(target)
  if (direct === undefined) return
  throw new RaingaugeError(
    'config.invalid',
    `${target.host}:${target.port} is a connection pooler, which pg_dump cannot use`,
    {
      remedy: `use the direct address, ${direct}`,
    },
  )
}

function directAddress({ host, port, user }: Target): string | undefined {
  if (/^[^.]+-pooler\./.test(host)) return `${host.replace('-pooler.', '.')}:${port}`
  if (port !== SUPABASE_POOLER_PORT || host.startsWith('/') || LOCAL.has(host)) return undefined
  // On the shared pooler the user carries the project: postgres.abcdef.
  const project = host.endsWith('.pooler.supabase.com') ? user.split('.')[1] : undefined
  return project === undefined ? `${host}:5432` : `db.${project}.supabase.co:5432 with the user ${user.split('.')[0]}`
}

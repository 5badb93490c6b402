// All that a native pg_dump is told beside its arguments: nothing of this process's own environment.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { RaingaugeError } from '../../error.ts'
import type { Target } from '../../postgres/target.ts'
import { formatConninfo } from './conninfo.ts'

/** From this major on, libpq knows `sslrootcert=system`. */
const SYSTEM_ROOTS_SINCE = 16

/** The program's own libraries where they lie beside it, and messages in English, which is what errors are told apart by. */
export function nativeEnvironment(program: string, password?: string): Record<string, string> {
  const libraries = join(dirname(program), '..', 'lib')
  return {
    LC_ALL: 'C',
    HOME: '/nonexistent',
    PGPASSFILE: '/nonexistent',
    PGSERVICEFILE: '/nonexistent',
    PGSYSCONFDIR: '/nonexistent',
    ...(existsSync(join(libraries, 'libpq.so.5')) ? { LD_LIBRARY_PATH: libraries } : {}),
    // In the environment only this user's processes can read it, on the command line everybody's.
    ...(password === undefined ? {} : { PGPASSWORD: password }),
  }
}

/** The connection string for a pg_dump of that major, without the password. Throws `postgres.tls` where it cannot verify as it should. */
export function nativeConninfo(target: Target, major: number, connectTimeoutMs: number): string {
  return formatConninfo({
    host: target.host,
    port: String(target.port),
    user: target.user,
    dbname: target.database,
    sslmode: target.sslMode,
    ...roots(target, major),
    gssencmode: 'disable',
    // Whole seconds; less than two are two.
    connect_timeout: String(Math.ceil(connectTimeoutMs / 1_000)),
    application_name: 'raingauge',
  })
}

function roots({ sslMode, sslRootCert }: Target, major: number): Record<string, string> {
  if (sslRootCert !== undefined && sslRootCert !== 'system') return { sslrootcert: sslRootCert }
  if (sslMode !== 'verify-ca' && sslMode !== 'verify-full') return {}
  if (sslMode === 'verify-full' && major >= SYSTEM_ROOTS_SINCE) return { sslrootcert: 'system' }
  throw new RaingaugeError('postgres.tls', `a native pg_dump ${major} does not know which roots to trust`, {
    remedy: 'add sslrootcert=/path/to/roots.pem to the database URL',
  })
}

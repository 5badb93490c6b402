// Where a database is and how to get in: what a URL says, parsed once, with the password kept out of sight.
import { RaingaugeError } from '../error.ts'
import { Secret } from '../secret.ts'

export type SslMode = 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'

const SSL_MODES: readonly SslMode[] = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full']

export type Target = {
  /** A host name, an address, or the absolute folder of a Unix socket. */
  host: string
  port: number
  database: string
  user: string
  password: Secret | undefined
  /** Makes the password anew for each connection: tokens live for minutes. */
  makeToken?: (() => Promise<Secret>) | undefined
  sslMode: SslMode
  /** Path of a PEM file with the certificates to trust; undefined: those that Node trusts. */
  sslRootCert: string | undefined
}

/**
 * Parses a Postgres URL as libpq does (manual, 34.1.1.2 "Connection URIs"): `postgres[ql]://user:password@host:port/db?sslmode=…`,
 * a socket folder as percent-encoded host or as `?host=/folder`. Throws `config.invalid`, and never repeats the URL, which holds a password.
 */
export function parseTarget(url: string): Target {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined || (parsed.protocol !== 'postgres:' && parsed.protocol !== 'postgresql:')) {
    throw invalid(
      'is not a Postgres URL',
      'write postgres://USER:PASSWORD@HOST:5432/DATABASE, special characters percent-encoded',
    )
  }
  const parameters = parsed.searchParams
  const sslMode = parameters.get('sslmode') ?? 'prefer'
  if (!isSslMode(sslMode)) {
    throw invalid(`has the unknown sslmode ${JSON.stringify(sslMode)}`, `use one of ${SSL_MODES.join(', ')}`)
  }
  const user = decode(parsed.username) || parameters.get('user')
  if (!user) throw invalid('names no user', 'write postgres://USER@HOST/DATABASE')
  const password = decode(parsed.password) || parameters.get('password')
  return {
    host: parameters.get('host') ?? (stripBrackets(decode(parsed.hostname)) || 'localhost'),
    port: parsePort(parameters.get('port') ?? (parsed.port || '5432')),
    database: decode(parsed.pathname.slice(1)) || parameters.get('dbname') || user,
    user,
    password: password ? new Secret(password) : undefined,
    sslMode,
    sslRootCert: parameters.get('sslrootcert') ?? undefined,
  }
}

/** The target as a person may read it: `user@host:port/database`, without the password. */
export function describeTarget(target: Target): string {
  return `${target.user}@${target.host}:${target.port}/${target.database}`
}

function isSslMode(text: string): text is SslMode {
  return SSL_MODES.some((mode) => mode === text)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid(
      'has a % that is not followed by two hexadecimal digits',
      'write a percent sign in the password as %25',
    )
  }
}

function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port
  throw invalid('has a port that is none', 'use a number from 1 to 65535')
}

function stripBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1')
}

function invalid(what: string, remedy: string): RaingaugeError {
  return new RaingaugeError('config.invalid', `the database URL ${what}`, { remedy })
}

// Tells the errors of a connection or a query apart, by SQLSTATE (manual, appendix A) and by Node's own codes.
import { RaingaugeError, type ErrorCode, messageOf } from '../error.ts'
import { describeTarget, type Target } from './target.ts'

type Class = { code: ErrorCode; remedy?: string }

const BY_SQLSTATE: Record<string, Class> = {
  '28P01': { code: 'postgres.authentication', remedy: 'check the user and the password in the database URL' },
  '28000': { code: 'postgres.authentication', remedy: 'check the user, and that pg_hba.conf lets it in from here' },
  '3D000': { code: 'postgres.not-found', remedy: 'check the database name in the URL' },
  '42501': { code: 'postgres.permission', remedy: 'grant the role what the message names' },
  '53300': {
    code: 'postgres.unreachable',
    remedy: 'the server has no free connection: raise max_connections or close some',
  },
  '55P03': { code: 'postgres.locked', remedy: 'a deploy or a long transaction holds a lock: try again when it ended' },
  '57014': { code: 'postgres.timeout', remedy: 'the server took too long: look for locks or load on it' },
  '57P01': {
    code: 'postgres.lost',
    remedy: 'the server ended the connection: it was stopped, or somebody terminated the session',
  },
  '57P02': { code: 'postgres.lost', remedy: 'the server crashed or was stopped' },
  '57P03': { code: 'postgres.unreachable', remedy: 'the server is starting up or shutting down: try again' },
}

const BY_NODE_CODE: Record<string, Class> = {
  ECONNREFUSED: { code: 'postgres.unreachable', remedy: 'check the host and port, and that the server runs' },
  ENOTFOUND: { code: 'postgres.unreachable', remedy: 'the host name does not resolve: check the URL and the DNS' },
  EAI_AGAIN: { code: 'postgres.unreachable', remedy: 'the host name does not resolve now: check the URL and the DNS' },
  EHOSTUNREACH: { code: 'postgres.unreachable', remedy: 'no route to the host: check network and firewall' },
  ENETUNREACH: { code: 'postgres.unreachable', remedy: 'no route to the host: check network and firewall' },
  ENOENT: { code: 'postgres.unreachable', remedy: 'there is no such socket: check the folder and the port' },
  EACCES: { code: 'postgres.unreachable', remedy: 'this user may not open the socket' },
  ETIMEDOUT: { code: 'postgres.timeout', remedy: 'check network and firewall' },
  ECONNRESET: {
    code: 'postgres.lost',
    remedy: 'the connection was cut: look at the network and the log of the server',
  },
  EPIPE: { code: 'postgres.lost', remedy: 'the connection was cut: look at the network and the log of the server' },
}

/** Words of node-postgres for what it gives no code. */
const BY_MESSAGE: [RegExp, Class][] = [
  [
    /timeout expired|Query read timeout|timed out/i,
    {
      code: 'postgres.timeout',
      remedy: 'the server accepts connections but does not answer: check its health, and that this is its port',
    },
  ],
  [
    /Connection terminated|connection error/i,
    { code: 'postgres.lost', remedy: 'the connection was cut: look at the network and the log of the server' },
  ],
  [
    /does not support SSL/i,
    {
      code: 'postgres.tls',
      remedy: 'the server has no TLS: switch it on there, or use sslmode=disable on a trusted network',
    },
  ],
  [/password/i, { code: 'postgres.authentication', remedy: 'the server wants a password and the URL has none' }],
]

/**
 * The error of the house for whatever a connection or a query threw. `during` says what was being done
 * ("reading the ledger"). The server's own words are kept; they hold names, never the password.
 */
export function classifyPostgresError(error: unknown, target: Target, during: string): RaingaugeError {
  if (error instanceof RaingaugeError) return error
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error
  const { code, remedy: usual } = classOf(first)
  const remedy = code === 'postgres.tls' && isRds(target) ? RDS_ROOTS : usual
  const words = messageOf(first)
  return new RaingaugeError(code, `${during} at ${describeTarget(target)}: ${words}`, { remedy, cause: error })
}

const RDS_ROOTS =
  'give sslrootcert the path of https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem, fetched; functions on Lambda trust these roots already'

function isRds({ host }: Target): boolean {
  return /\.rds\.amazonaws\.com(?:\.cn)?$/.test(host)
}

/** How RDS refuses a token. */
const PAM_FAILED: Class = {
  code: 'postgres.authentication',
  remedy: 'GRANT rds_iam to the user, let the AWS credentials rds-db:connect as it, and see that the clock is right',
}

function classOf(error: unknown): Class {
  if (error instanceof Error && /PAM authentication failed/.test(error.message)) return PAM_FAILED
  const code = codeOf(error)
  if (code !== undefined) {
    const known = BY_SQLSTATE[code] ?? BY_NODE_CODE[code]
    if (known !== undefined) return known
    if (/^(?:CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)) {
      return {
        code: 'postgres.tls',
        remedy: 'the certificate is not trusted: give sslrootcert the right roots, or check the host name',
      }
    }
    // Class 08 is "Connection Exception".
    if (code.startsWith('08')) return { code: 'postgres.lost' }
  }
  const words = messageOf(error)
  return BY_MESSAGE.find(([pattern]) => pattern.test(words))?.[1] ?? { code: 'postgres.query' }
}

/** The SQLSTATE or Node code of an error, if it has one. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

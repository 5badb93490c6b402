// Logging in to RDS with a token of IAM instead of a password: RDS user guide, "IAM database authentication for PostgreSQL".
import type { IamLogin } from '../config/iam-login.ts'
import { RaingaugeError, messageOf } from '../error.ts'
import { Secret } from '../secret.ts'
import { describeTarget, type Target } from './target.ts'

export type TokenRequest = { hostname: string; port: number; username: string; region: string }

/** `mydb.abcdefghijkl.eu-central-1.rds.amazonaws.com`, and the same in China with `.cn` behind. */
const RDS_HOST = /\.([a-z]{2}(?:-[a-z]+)+-\d+)\.rds\.amazonaws\.com(?:\.cn)?$/

/**
 * The target with a token for each connection, which lives 15 minutes and is only looked at when the session begins. It opens the database to
 * whoever gets it: where the URL leaves the choice, the server's certificate must be the right one. Throws `config.invalid`.
 */
export function withIamLogin(
  target: Target,
  login: IamLogin,
  sign: (request: TokenRequest) => Promise<string>,
): Target {
  const region = login.region ?? RDS_HOST.exec(target.host)?.[1]
  if (region === undefined) {
    throw invalid(target, 'the host name tells no region', "write iam: { region: 'eu-central-1' }")
  }
  if (target.password !== undefined) {
    throw invalid(target, 'the database URL has a password', 'take the password out of the URL, or iam out of the configuration') // prettier-ignore
  }
  if (target.sslMode === 'disable') {
    throw invalid(target, 'the database URL switches TLS off', 'take sslmode=disable out of the URL: RDS wants TLS for tokens') // prettier-ignore
  }
  const request = { hostname: target.host, port: target.port, username: target.user, region }
  return {
    ...target,
    sslMode: target.sslMode === 'prefer' ? 'verify-full' : target.sslMode,
    async makeToken() {
      try {
        return new Secret(await sign(request))
      } catch (cause) {
        throw new RaingaugeError(
          'postgres.authentication',
          `signing a token for ${describeTarget(target)}: ${messageOf(cause)}`,
          { remedy: 'give AWS credentials that may rds-db:connect as that user', cause },
        )
      }
    },
  }
}

function invalid(target: Target, what: string, remedy: string): RaingaugeError {
  return new RaingaugeError('config.invalid', `iam for ${describeTarget(target)}: ${what}`, { remedy })
}

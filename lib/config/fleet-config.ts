// Many databases of one schema: where their list comes from, how each is reached, how many are looked at together.
import { z } from 'zod'
import type { SecretReference } from './config.ts'
import { completeIam, iamConfig, type IamConfig, type IamLogin } from './iam-login.ts'
import { secretSource, type SecretSource } from './secret-source.ts'

/** What `fleet` in `raingauge.config.ts` may say. */
export type FleetConfig = {
  /**
   * Where the list comes from: a SELECT on a catalogue database, a file of JSON lines in the store (`fleet/<project>/<file>`), or a parameter of SSM
   * with such lines. Each row has a `name`, and may have `database` (default: the name), `server`, and a way in of its own: `url` or `secret`.
   */
  databases: { query: string; url: SecretSource } | { file: string } | { parameter: string }
  /** How those are reached that bring no way of their own: a URL with `{database}` in it, and `{server}` where they are on several. */
  url?: SecretSource
  /** Logs in to the databases with RDS IAM tokens instead of passwords; not to that of the list. */
  iam?: IamConfig
  /** What the names of the databases' own secrets begin with, such as `tenants/`: no other may be read. */
  secrets?: string
  /** Databases that are looked at together, on all servers. Default 20. */
  atOnce?: number
  /** Databases that are looked at together on one server. Default 2. */
  perServer?: number
  /** EventBridge Scheduler expression. Default `rate(1 hour)`. */
  schedule?: string
}

/** Where the list comes from. */
export type FleetList =
  | { kind: 'query'; query: string; url: SecretReference }
  | { kind: 'file'; file: string }
  | { kind: 'parameter'; lines: SecretReference }

/** {@link FleetConfig}, parsed and complete. */
export type Fleet = {
  list: FleetList
  url: SecretReference | null
  iam?: IamLogin | null
  secrets: string | null
  atOnce: number
  perServer: number
  schedule: string
}

/** The fleet is told of as one environment, so none may have its name where there is one. */
export const FLEET = 'fleet'

/** Lambda starts a new account with 1,000 at once, and keeps 100 of them for functions that reserve none. */
const MOST_AT_ONCE = 500

const text = z.string().min(1)

/** One segment of a key in the store. */
const file = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/, 'must be the plain name of a file')

export const fleetConfig: z.ZodType<FleetConfig> = z.strictObject({
  databases: z.union(
    [z.strictObject({ query: text, url: secretSource }), z.strictObject({ file }), z.strictObject({ parameter: text })],
    { error: "must be { query: 'SELECT …', url }, { file: 'tenants.jsonl' } or { parameter: 'name-or-arn' }" },
  ),
  url: secretSource.exactOptional(),
  iam: iamConfig.exactOptional(),
  secrets: z
    .string()
    .regex(/^[\w/+=.@-]{3,}$/, 'must be the beginning of names of secrets, such as tenants/')
    .exactOptional(),
  atOnce: z.int().min(1).max(MOST_AT_ONCE).exactOptional(),
  perServer: z.int().min(1).max(50).exactOptional(),
  schedule: text.exactOptional(),
})

/** The fleet that this configuration asks for. `resolve` finds out what a secret is; its `place` is for messages. */
export function completeFleet(
  written: FleetConfig,
  resolve: (source: SecretSource, place: string) => SecretReference,
): Fleet {
  const { databases, url, iam, secrets, atOnce = 20, perServer = 2, schedule = 'rate(1 hour)' } = written
  return {
    list: completeList(databases, resolve),
    url: url === undefined ? null : resolve(url, 'fleet.url'),
    ...(iam === undefined ? {} : { iam: completeIam(iam) }),
    secrets: secrets ?? null,
    atOnce,
    perServer: Math.min(perServer, atOnce),
    schedule,
  }
}

function completeList(
  databases: FleetConfig['databases'],
  resolve: (source: SecretSource, place: string) => SecretReference,
): FleetList {
  if ('query' in databases) {
    return { kind: 'query', query: databases.query, url: resolve(databases.url, 'fleet.databases.url') }
  }
  if ('file' in databases) return { kind: 'file', file: databases.file }
  return { kind: 'parameter', lines: resolve(databases, 'fleet.databases.parameter') }
}

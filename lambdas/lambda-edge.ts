// What only a function can give the house: its environment, AWS clients with the credentials of its role, the clock, the log.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Context } from 'aws-lambda'
import manifest from '../package.json' with { type: 'json' }
import { deserializeConfig } from '../lib/config/config-document.ts'
import { ConfigError } from '../lib/config/config-error.ts'
import { FUNCTION_VARIABLES } from '../lib/config/function-variables.ts'
import { RaingaugeError } from '../lib/error.ts'
import type { Edge, JobConfig } from '../lib/job/open-context.ts'
import { UnpackedFolders } from '../lib/ledger/published/unpacked-folders.ts'
import { secretsIn } from '../lib/postgres/secrets-in.ts'
import { signRdsToken } from '../lib/postgres/sign-rds-token.ts'
import { fetchSecret } from './fetch-secret.ts'
import type { FunctionLog } from './function-log.ts'

/** Left for aborting uploads and ending servers, since Lambda kills without asking. */
const CLEAN_UP_MS = 30_000

/** What was fetched once serves every later invocation of this process. */
const UNPACKED = new UnpackedFolders()

type Variables = Readonly<Record<string, string | undefined>>

/** The configuration as the stack handed it over, with the folders of this asset. Throws {@link ConfigError}. */
export function readJobConfig(variables: Variables, asset: string): JobConfig {
  const config = deserializeConfig(demand(variables, FUNCTION_VARIABLES.config))
  const bucket = demand(variables, FUNCTION_VARIABLES.bucket)
  const prefix = config.store.kind === 's3' ? config.store.prefix : ''
  return { ...config, migrations: join(asset, 'migrations'), store: { kind: 's3', bucket, prefix } }
}

/** The edge for one invocation. */
export function lambdaEdge(asset: string, signal: AbortSignal, log: FunctionLog): Edge {
  return {
    version: manifest.version,
    async fetchSecret(secret) {
      const value = await fetchSecret(secret, Date.now())
      for (const each of secretsIn(value)) log.conceal(each)
      return value
    },
    async makeS3() {
      const { newS3Client } = await import('./new-s3-client.ts')
      return newS3Client()
    },
    async signRdsToken(request) {
      const token = await signRdsToken(request)
      log.conceal(token)
      return token
    },
    serverFolders: serverFolders(asset),
    drizzleKit: join(asset, 'drizzle-kit', 'bin.cjs'),
    published: { unpacked: UNPACKED, otherwise: 'bundled' },
    now: () => new Date(),
    signal,
    progress: (line) => log.write('INFO', line),
  }
}

/** Aborts while there is still time to clean up. */
export function deadline(context: Context): AbortSignal & Disposable {
  const left = Math.max(context.getRemainingTimeInMillis() - CLEAN_UP_MS, 0)
  const abort = new AbortController()
  const error = new RaingaugeError('cancelled', `out of time: stopped ${CLEAN_UP_MS / 1_000} s before Lambda would`, {
    remedy: 'give the function more time or memory, or run this job from a machine',
  })
  const timer = setTimeout(() => abort.abort(error), left)
  return Object.assign(abort.signal, { [Symbol.dispose]: () => clearTimeout(timer) })
}

function serverFolders(asset: string): Record<number, string> {
  const majors = readdirSync(asset).flatMap((name) => /^postgres-(?<major>\d+)$/.exec(name)?.groups?.['major'] ?? [])
  return Object.fromEntries(majors.map((major) => [Number(major), join(asset, `postgres-${major}`)]))
}

function demand(variables: Variables, name: string): string {
  const value = variables[name]
  if (value) return value
  throw new ConfigError([
    { place: name, problem: 'is not set', remedy: 'deploy the stack again: it writes this variable' },
  ])
}

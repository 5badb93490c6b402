// From a configuration to what a job works with: secrets fetched, store and scratch opened, and closed again in every case.
import type { S3Client } from '@aws-sdk/client-s3'
import { completeArchivePolicy } from '../config/archive-policy.ts'
import type { Config, Environment, SecretReference, StoredSecret } from '../config/config.ts'
import type { Narrowed } from '../config/narrow.ts'
import { RaingaugeError } from '../error.ts'
import { withIamLogin, type TokenRequest } from '../postgres/rds-iam.ts'
import { parseDatabaseSecret } from '../postgres/database-secret.ts'
import type { Target } from '../postgres/target.ts'
import { NO_RULES } from '../schema/judge-catalogs.ts'
import type { NamedServer } from '../scratch/named-road.ts'
import { withScratch } from '../scratch/scratch.ts'
import { Secret } from '../secret.ts'
import { openStore } from '../store/open-store.ts'
import type { JobContext, PublishedChoice, RunLimits } from './context.ts'

/** The part of a configuration that jobs need. */
export type JobConfig = Pick<
  Config,
  'project' | 'migrations' | 'ledger' | 'environments' | 'store' | 'slackWebhook'
> & {
  metricsFile?: string | null
  schema?: Config['schema']
  archives?: Config['archives']
  identity?: Config['identity']
  dump?: Config['dump']
  scratch?: Config['scratch']
  fleet?: Config['fleet']
} & Partial<Narrowed>

/** What only the edge of the house (`bin`, `lambdas`) can give. */
export type Edge = {
  version: string
  /** The value of a secret that lies in AWS. */
  fetchSecret: (secret: StoredSecret) => Promise<string>
  makeS3: () => Promise<S3Client>
  /** A token of RDS IAM, which is as secret as a password. */
  signRdsToken: (request: TokenRequest) => Promise<string>
  /** Where a bundle put the server programs, by major; empty: the packages that npm installed. */
  serverFolders: Readonly<Record<number, string>>
  /** Where a bundle put drizzle-kit; undefined: the package that npm installed. */
  drizzleKit: string | undefined
  /** The folder that the pipeline published counts rather than that of the configuration; absent: that one does. */
  published?: PublishedChoice | undefined
  /** What a run may take at most here; absent: as much as it needs. */
  limits?: RunLimits | undefined
  now: () => Date
  signal: AbortSignal | undefined
  progress: (line: string) => void
}

/**
 * Lends a context to `use`. An environment's secret is fetched when it is looked at, so one that cannot be had leaves the others their
 * results. Throws what fetching the webhook or opening the store throws.
 */
export async function withJobContext<T>(
  config: JobConfig,
  edge: Edge,
  use: (context: JobContext) => Promise<T>,
): Promise<T> {
  const environments = config.environments.map((each) => ({
    name: each.name,
    target: () => readTarget(each, edge),
    backupTarget: () => readTarget({ ...each, url: each.backupUrl ?? each.url }, edge),
  }))
  const slackWebhook = config.slackWebhook === null ? null : await readSecret(config.slackWebhook, edge)
  const identity = async () => (config.identity ? await readSecret(config.identity, edge) : null)
  const store = await openStore(config.store, edge.makeS3)
  return await withScratch(
    (scratch) =>
      use({
        version: edge.version,
        project: config.project,
        folder: config.migrations,
        published: edge.published,
        ledger: config.ledger,
        environments,
        narrowed: config.narrowed,
        schemaRules: config.schema ?? NO_RULES,
        archivePolicy: config.archives ?? completeArchivePolicy(undefined),
        dumpEngine: config.dump ?? { engine: 'wasm' },
        identity,
        slackWebhook,
        metricsFile: config.metricsFile ?? null,
        store,
        scratch,
        drizzleKit: edge.drizzleKit,
        limits: edge.limits,
        now: edge.now,
        signal: edge.signal,
        progress: edge.progress,
      }),
    {
      folders: edge.serverFolders,
      named: config.scratch ? findNamed(config.scratch, environments, edge) : undefined,
      signal: edge.signal,
      progress: edge.progress,
    },
  )
}

/** The scratch server of the configuration. A watched environment whose secret cannot be had says so in its own check. */
function findNamed(url: SecretReference, environments: JobContext['environments'], edge: Edge) {
  return async (): Promise<NamedServer> => {
    const watched = await Promise.allSettled(environments.map(({ target }) => target()))
    return {
      target: await readTarget({ name: 'scratch', url }, edge),
      watched: watched.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])),
    }
  }
}

/** The way into a database. Throws `config.invalid`, which names no URL, and what fetching the secret throws. */
export async function readTarget({ name, url, at, iam }: Environment, edge: Edge): Promise<Target> {
  const text = await readSecret(url, edge)
  try {
    const target = parseDatabaseSecret(text.reveal(), at)
    return iam == null ? target : withIamLogin(target, iam, edge.signRdsToken)
  } catch (cause) {
    throw new RaingaugeError(
      'config.invalid',
      `the secret for ${name}: ${cause instanceof Error ? cause.message : ''}`,
      {
        remedy: cause instanceof RaingaugeError ? cause.remedy : undefined,
        cause,
      },
    )
  }
}

/** The secret itself. Throws what fetching it throws. */
export async function readSecret(reference: SecretReference, edge: Edge): Promise<Secret> {
  switch (reference.kind) {
    case 'value':
      return reference.value
    case 'secrets-manager':
    case 'parameter':
      return new Secret(await edge.fetchSecret(reference))
    default:
      return reference satisfies never
  }
}

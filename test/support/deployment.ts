// A stack as deployed, but for AWS: two watched databases, a bucket, secrets, and the bundles with the environment of the template.
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { RaingaugeConfig } from '../../lib/config/config.ts'
import { FUNCTION_JOBS, type FunctionJob } from '../../lib/config/function-variables.ts'
import { applyMigrations } from '../../lib/ledger/apply-migrations.ts'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { buildAssets, type Asset } from '../../scripts/bundle/build-assets.ts'
import { callsForLogs, callsToS3, callToSecret } from './aws-calls.ts'
import { invoke, type Call, type Invocation } from './bundled-function.ts'
import { ANY_MAJOR, targetUrl, testDatabase } from './database.ts'
import { startSandbox, type RuntimeClient, type Sandbox, type SandboxFunction } from './lambda-sandbox.ts'
import { oncePerRun } from './once-per-run.ts'
import { permissions, type Permissions } from './permissions.ts'
import { startS3StandIn, type S3StandIn } from './s3-stand-in.ts'
import { sealFolder } from './sealed-folder.ts'
import { secretsStandIn, type SecretsStandIn } from './secrets-stand-in.ts'
import { AGE_PAIR, config, synthesize } from './synthesized-stack.ts'
import { ACCOUNT, deployedFunction, REGION, type AwsCall, type DeployedFunction } from './template-functions.ts'

const MIGRATIONS = join(import.meta.dirname, '..', '..', 'migrations')

export type Bundles = Record<FunctionJob, Asset>

/** All bundles for this machine, sealed: every test file of a run has the same. */
export async function builtBundles(): Promise<Bundles> {
  return await oncePerRun('bundles', async (folder) => {
    const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64'
    const { deploy } = config({ deploy: { architecture, postgresMajor: ANY_MAJOR } })
    const assets = await buildAssets({ migrations: MIGRATIONS, deploy }, join(folder, 'functions'))
    for (const asset of Object.values(assets)) sealFolder(asset.folder)
    return assets
  })
}

export type Deployment = {
  staging: Target
  production: Target
  secrets: SecretsStandIn
  s3: S3StandIn
  functionOf: (job: FunctionJob) => DeployedFunction
  /** Starts the function of the job; it ends with the test. */
  start: (job: FunctionJob, variables?: Record<string, string>, client?: RuntimeClient) => Promise<Sandbox>
  /** Invokes the function of the job in a sandbox of its own. */
  run: (job: FunctionJob, call?: Call) => Promise<Invocation>
  /** Text of an object in the bucket, or undefined. */
  read: (key: string) => string | undefined
  /** Keys in the bucket that start so. */
  keys: (prefix: string) => string[]
}

/**
 * Deploys the bundles over two databases to which all migrations have been applied, with roles that may do what the template lets them,
 * and no more. `known` remembers what that was, over several deployments. Everything ends with the test.
 */
export async function deployment(
  bundles: Bundles,
  written: Partial<RaingaugeConfig> = {},
  known: Permissions = permissions(),
): Promise<Deployment> {
  const [staging, production] = [await testDatabase(), await testDatabase()]
  const folder = await readFolder(MIGRATIONS)
  for (const target of [staging, production]) await applyMigrations(target, folder)
  const secrets = await secretsStandIn({
    'shop/age-key': AGE_PAIR.identity,
    'shop/staging': targetUrl(staging),
    'shop/production': targetUrl(production),
  })
  const s3 = await startS3StandIn()
  onTestFinished(() => s3.stop())
  const environments = [
    { name: 'staging', url: { parameter: 'shop/staging' } },
    { name: 'production', url: { secret: 'shop/production' } },
  ]
  const stack = synthesize(config({ environments, slack: undefined, ...written }))
  const functionOf = (job: FunctionJob): DeployedFunction =>
    deployedFunction(stack, new RegExp(`${job}Job`), s3.bucketName)
  const [keyArn] = stack.resources('AWS::KMS::Key').map(({ id }) => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`)
  for (const job of FUNCTION_JOBS) {
    const target = functionOf(job)
    known.of(job, target)
    for (const call of callsForLogs(target.logs)) known.may(job, call)
  }
  const all = (calls: AwsCall[], accessKey: string): boolean =>
    calls.map((call) => known.may(accessKey as FunctionJob, call)).every((allowed) => allowed)
  s3.authorize = ({ accessKey, ...call }) => all(callsToS3(call, s3.bucketName, keyArn ?? 'none'), accessKey)
  secrets.authorize = (id, accessKey, isParameter) => all([callToSecret(id, isParameter)], accessKey)
  const sandboxOf = (job: FunctionJob, variables: Record<string, string> = {}): SandboxFunction => {
    const target = functionOf(job)
    const endpoints = {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      AWS_ENDPOINT_URL_SSM: secrets.url,
      AWS_ENDPOINT_URL_S3: s3.url,
    }
    return {
      ...target,
      asset: bundles[job].folder,
      variables: { ...target.variables, AWS_ACCESS_KEY_ID: job, ...endpoints, ...variables },
    }
  }
  return {
    staging,
    production,
    secrets,
    s3,
    functionOf,
    async start(job, variables, client) {
      const sandbox = await startSandbox(sandboxOf(job, variables), client)
      onTestFinished(() => sandbox.kill())
      return sandbox
    },
    run: async (job, call) => await invoke(sandboxOf(job), call),
    read: (key) => s3.bucket.objects.get(key)?.body.toString(),
    keys: (prefix) => [...s3.bucket.objects.keys()].filter((key) => key.startsWith(prefix)).toSorted(),
  }
}

// A stack as deployed, but for AWS: two watched databases, a bucket, secrets, and the bundles with the environment of the template.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { FunctionJob } from '../../lib/config/function-variables.ts'
import { applyMigrations } from '../../lib/ledger/apply-migrations.ts'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { buildAssets, type Asset } from '../../scripts/bundle/build-assets.ts'
import { invoke, sealFolder, unsealFolder, type Call, type Invocation } from './bundled-function.ts'
import { ANY_MAJOR, targetUrl, testDatabase } from './database.ts'
import { startS3StandIn, type S3StandIn } from './s3-stand-in.ts'
import { secretsStandIn, type SecretsStandIn } from './secrets-stand-in.ts'
import { AGE_PAIR, config, synthesize } from './synthesized-stack.ts'

const MIGRATIONS = join(import.meta.dirname, '..', '..', 'migrations')

export type Bundles = { assets: Record<FunctionJob, Asset>; remove: () => void }

/** Builds all bundles for this machine into a temp folder, and seals them. */
export async function buildBundles(): Promise<Bundles> {
  const folder = mkdtempSync(join(tmpdir(), 'raingauge-bundles-'))
  chmodSync(folder, 0o755)
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64'
  const { deploy } = config({ deploy: { architecture, postgresMajor: ANY_MAJOR } })
  const assets = await buildAssets({ migrations: MIGRATIONS, deploy }, join(folder, 'functions'))
  const folders = Object.values(assets).map((asset) => asset.folder)
  for (const each of folders) sealFolder(each)
  const remove = (): void => {
    for (const each of folders) unsealFolder(each)
    rmSync(folder, { recursive: true, force: true })
  }
  return { assets, remove }
}

export type Deployment = {
  staging: Target
  production: Target
  secrets: SecretsStandIn
  s3: S3StandIn
  /** Invokes the function of the job. */
  run: (job: FunctionJob, call?: Call) => Promise<Invocation>
  /** Text of an object in the bucket, or undefined. */
  read: (key: string) => string | undefined
  /** Keys in the bucket that start so. */
  keys: (prefix: string) => string[]
}

/** Deploys the bundles over two databases to which all migrations have been applied. Everything ends with the test. */
export async function deployment({ assets }: Bundles): Promise<Deployment> {
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
  const variables = {
    ...templateVariables(s3.bucketName),
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
    AWS_ENDPOINT_URL_S3: s3.url,
  }
  return {
    staging,
    production,
    secrets,
    s3,
    run: async (job, call) => await invoke(assets[job].folder, variables, call),
    read: (key) => s3.bucket.objects.get(key)?.body.toString(),
    keys: (prefix) => [...s3.bucket.objects.keys()].filter((key) => key.startsWith(prefix)).toSorted(),
  }
}

/** The environment that the template gives a function, with the bucket's name in place of the reference to it. */
function templateVariables(bucket: string): Record<string, string> {
  const environments = ['staging', 'production'].map((name) => ({ name, url: { secret: `shop/${name}` } }))
  const [first] = synthesize(config({ environments, slack: undefined })).resources('AWS::Lambda::Function')
  if (first === undefined) throw new Error('the template has no function')
  const { Variables: variables } = first.Properties['Environment'] as { Variables: Record<string, unknown> }
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, typeof value === 'string' ? value : bucket]),
  )
}

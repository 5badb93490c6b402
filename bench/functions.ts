// The functions as they are deployed: size, start, peak and time of each, and what a month of them costs.
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FUNCTION_JOBS, type FunctionJob } from '../lib/config/function-variables.ts'
import { applyMigrations } from '../lib/ledger/apply-migrations.ts'
import { readFolder } from '../lib/ledger/read-folder.ts'
import type { Target } from '../lib/postgres/target.ts'
import { startEmbeddedServer } from '../lib/scratch/embedded-server.ts'
import { findServerBinaries } from '../lib/scratch/server-binaries.ts'
import { Secret } from '../lib/secret.ts'
import { buildAssets, type Asset } from '../scripts/bundle/build-assets.ts'
import { bytesOf } from '../scripts/bundle/bytes-of.ts'
import { sealFolder, unsealFolder } from '../test/support/sealed-folder.ts'
import { config, synthesize, type Synthesized } from '../test/support/synthesized-stack.ts'
import { deployedFunction } from '../test/support/template-functions.ts'
import { generatedRows } from './backup.ts'
import { billOf, formatBill } from './cost.ts'
import { fill } from './fill.ts'
import { measureRuns, type Taken } from './function-runs.ts'
import { measureStarts, type Starts } from './function-start.ts'
import { fleetMonthOf } from './fleet-month.ts'
import { monthOf, type Standing } from './month.ts'
import { PRICES } from './prices.ts'

const MIGRATIONS = join(import.meta.dirname, '..', 'migrations')
const DUMP_GB = 10
const FLEET_DATABASES = 10_000
const FLEET_SERVERS = 50
/** One for each environment, and that of Slack: SecureStrings of SSM, as the guide has them. */
const SECRETS = 3
/** Of /tmp. */
const FREE_STORAGE_MB = 512

export type FunctionBench = { major: number; megabytes: number; rounds: number; print: (text: string) => void }

/** Builds, starts and runs the bundles, and prints what was measured. */
export async function benchFunctions({ major, megabytes, rounds, print }: FunctionBench): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'raingauge-bench-'))
  await chmod(folder, 0o755)
  const environments = ['staging', 'production'].map((name) => ({ name, url: { parameter: `bench/${name}` } }))
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64'
  const written = config({
    environments,
    slack: undefined,
    fleet: { databases: { file: 'tenants.jsonl' }, url: { parameter: 'bench/fleet' }, perServer: 1 },
    archives: undefined,
    deploy: { architecture, postgresMajor: 17 },
  })
  const assets = await buildAssets(
    { migrations: MIGRATIONS, deploy: { ...written.deploy, postgresMajor: major as 15 | 16 | 17 | 18 } },
    join(folder, 'functions'),
  )
  const folders = Object.values(assets).map((asset) => asset.folder)
  try {
    const handlers = Object.fromEntries(FUNCTION_JOBS.map((job) => [job, join(assets[job].folder, 'index.mjs')]))
    print(await formatSizes(assets, await measureStarts(handlers, folder, rounds)))
    for (const each of folders) sealFolder(each)
    const stack = synthesize(written)
    const plain = synthesize({ ...written, fleet: null })
    const taken = await onServer(major, async (staging, production) => {
      for (const target of [staging, production]) await applyMigrations(target, await readFolder(MIGRATIONS))
      await fill(production, generatedRows(megabytes))
      const databases = {
        'bench/staging': staging,
        'bench/production': production,
        'bench/fleet': { ...production, database: '{database}' },
      }
      return await measureRuns({ stack, assets, databases })
    })
    print(formatRuns(taken))
    const items = monthOf(taken, standingOf(plain), DUMP_GB)
    print(formatBill(`2 environments hourly, ${DUMP_GB} GB nightly, a drill each week`, billOf(items)))
    const plainer = billOf(items.filter(({ price }) => price !== 'dashboard'))
    print(`(without the dashboard, \`deploy.dashboard: false\`: ${plainer.list.toFixed(2)} at list price)`)
    print(`(with secrets in Secrets Manager instead of SSM: ${(SECRETS * PRICES.secret.usd).toFixed(2)} more)`)
    const more = standingOf(stack).alarms - standingOf(plain).alarms
    const fleet = fleetMonthOf(taken, { databases: FLEET_DATABASES, servers: FLEET_SERVERS, alarms: more })
    const title = `a fleet of ${FLEET_DATABASES.toLocaleString('en-US')} databases on ${FLEET_SERVERS} servers, hourly, beside that`
    print(formatBill(title, billOf(fleet)))
  } finally {
    for (const each of folders) unsealFolder(each)
    await rm(folder, { recursive: true, force: true })
  }
}

/** On TCP, since no socket of this machine is in the room of a function. */
async function onServer<T>(major: number, use: (staging: Target, production: Target) => Promise<T>): Promise<T> {
  const tcpPassword = new Secret(randomBytes(16).toString('hex'))
  const server = await startEmbeddedServer(findServerBinaries(major), { tcpPassword })
  try {
    return await use(await server.createDatabase('staging'), await server.createDatabase('production'))
  } finally {
    await server.stop()
  }
}

function standingOf(stack: Synthesized): Standing {
  const count = (type: string): number => stack.resources(type).length
  return {
    alarms: count('AWS::CloudWatch::Alarm'),
    dashboards: count('AWS::CloudWatch::Dashboard'),
    keys: count('AWS::KMS::Key'),
    secrets: SECRETS,
    drillStorageGb: (deployedFunction(stack, /drillJob/, 'bench').storageMb - FREE_STORAGE_MB) / 1024,
  }
}

async function formatSizes(assets: Record<FunctionJob, Asset>, { emptyMs, aboveMs }: Starts): Promise<string> {
  const rows = await Promise.all(
    FUNCTION_JOBS.map(async (job) => {
      const [bundle, asset] = [bytesOf(assets[job].metafile), await bytesIn(assets[job].folder)]
      return `| ${job} | ${mega(bundle, 2)} MB | ${mega(asset, 1)} MB | ${(aboveMs[job] ?? Number.NaN).toFixed(0)} ms |`
    }),
  )
  return [
    `| function | JavaScript | asset, unzipped | start, above an empty handler (${emptyMs.toFixed(0)} ms) |`,
    '| --- | ---: | ---: | ---: |',
    ...rows,
  ].join('\n')
}

function formatRuns(taken: readonly Taken[]): string {
  return [
    '| run, cold | time | peak of memory | S3 writes, reads | metrics |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...taken.map(
      (each) =>
        `| ${each.name} | ${each.seconds.toFixed(1)} s | ${each.peakMb.toFixed(0)} of ${each.memoryMb} MB | ${each.s3Writes}, ${each.s3Reads} | ${each.metrics.length} |`,
    ),
    '',
    `(with rows: ${mega(Math.max(...taken.map(({ rawBytes }) => rawBytes)), 0)} MB of raw dump)`,
  ].join('\n')
}

function mega(bytes: number, digits: number): string {
  return (bytes / 1e6).toFixed(digits)
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const sizes = await Promise.all(files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size))
  return sizes.reduce((sum, each) => sum + each, 0)
}

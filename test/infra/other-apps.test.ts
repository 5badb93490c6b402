// The package as strangers have it: packed, unpacked into their node_modules, made part of a stack of theirs, and called by its command.
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { chmod, cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { targetUrl, testDatabase } from '../support/database.ts'
import { runLine } from '../support/project-copy.ts'
import { childEnvironment } from '../support/run-folder.ts'

const PACKED_FROM = [
  'bin',
  'lib',
  'migrations',
  'lambdas',
  'scripts',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
]

/** Without the rules of cdk itself, which take seconds to start: other tests hold the stack against them. */
const APP = `
import { App, Duration, Stack } from 'aws-cdk-lib'
import { defineConfig } from 'raingauge'
import { Raingauge } from 'raingauge/construct'
import { RaingaugeStack } from 'raingauge/stack'

const config = defineConfig({
  project: 'shop',
  migrations: 'db',
  environments: [{ name: 'production', url: { secret: 'shop/production-url' } }],
  deploy: { architecture: '${process.arch === 'arm64' ? 'arm64' : 'x86_64'}' },
})
const app = new App({ outdir: 'cdk.out', builtinCloudFormationValidation: false })
const stack = new Stack(app, 'Shop')
const raingauge = new Raingauge(stack, 'Raingauge', {
  config,
  functionProps: { memorySize: 1024, environment: { FOR: 'all' } },
  jobs: { backup: { memorySize: 2048, environment: { ONLY: 'backup' } } },
})
raingauge.jobs.check.function.function.addEnvironment('ADDED', 'later')
raingauge.deadLetterQueue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5) })
const assets = { check: 'mine', backup: 'mine', drill: 'mine', prune: 'mine' }
new Raingauge(stack, 'Second', { config: { ...config, project: 'other' }, assets })
new RaingaugeStack(app, 'Third', { config, assets })
app.synth()
`

const TSCONFIG = { compilerOptions: { module: 'nodenext', strict: true, noEmit: true, skipLibCheck: true, types: [] } }

type Resource = { Type: string; Properties: Record<string, unknown>; DeletionPolicy?: string }

const place = mkdtempSync(join(tmpdir(), 'raingauge-package-'))
/** An app of somebody else, with this package installed. */
const folder = join(place, 'app')

beforeAll(async () => {
  const source = join(place, 'source')
  await mkdir(source)
  for (const name of PACKED_FROM) await cp(name, join(source, name), { recursive: true })
  await symlink(resolve('node_modules'), join(source, 'node_modules'))
  const installed = join(folder, 'node_modules')
  await mkdir(join(installed, 'raingauge'), { recursive: true })
  for (const name of readdirSync('node_modules').filter((each) => !each.startsWith('.'))) {
    await symlink(resolve('node_modules', name), join(installed, name))
  }
  const packing = 'npm pack --loglevel=error >&2 && tar -xzf *.tgz --strip-components=1 -C'
  const env = {
    ...childEnvironment(process.env),
    PATH: `${resolve('node_modules/.bin')}:${process.env.PATH}`,
    HOME: place,
  }
  await promisify(execFile)('bash', ['-e', '-c', `${packing} ${join(installed, 'raingauge')}`], { cwd: source, env })
  await linkCommand(installed)
  await cp('migrations', join(folder, 'db'), { recursive: true })
  await mkdir(join(folder, 'mine'))
  await writeFile(join(folder, 'mine', 'index.mjs'), '')
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG))
  await writeFile(join(folder, 'app.ts'), APP)
}, 120_000)

afterAll(() => rm(place, { recursive: true, force: true }))

/** As npm does it for the `bin` of what it installs. */
async function linkCommand(installed: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(installed, 'raingauge', 'package.json'), 'utf8')) as {
    bin: Record<string, string>
  }
  const program = join(installed, 'raingauge', manifest.bin['raingauge'] ?? 'no bin')
  await chmod(program, 0o755)
  await mkdir(join(installed, '.bin'))
  await symlink(program, join(installed, '.bin', 'raingauge'))
}

test('is one construct of any app, whose props go over those of the package and whose bundles it builds itself', async () => {
  expect(await runLine(folder, 'tsc -p . && node app.ts')).toMatchObject({ status: 0, stderr: '' })
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, 'cdk.out', name), 'utf8'))
  const { Resources: all } = read('Shop.template.json') as { Resources: Record<string, Resource> }
  const resources = (type: string): Resource[] => Object.values(all).filter((each) => each.Type === type)

  const functions = resources('AWS::Lambda::Function').map(({ Properties: properties }) => {
    const { Variables: variables } = properties['Environment'] as { Variables: Record<string, string> }
    const own = ['FOR', 'ONLY', 'ADDED'].flatMap((name) => variables[name] ?? [])
    const verb = /: (?<verb>\w+)/.exec(String(properties['Description']))?.groups?.['verb']
    return [verb, properties['MemorySize'], ...own].join(' ')
  })
  expect(functions.toSorted()).toEqual([
    'Compares 1024 all later',
    'Compares 1769',
    'Dumps 2048 all backup',
    'Dumps 3008',
    'Removes 1024 all',
    'Removes 512',
    'Restores 1024 all',
    'Restores 3008',
  ])
  for (const kept of [...resources('AWS::S3::Bucket'), ...resources('AWS::KMS::Key')]) {
    expect(kept.DeletionPolicy).toBe('Retain')
  }
  const alarms = ['Shop', 'Third'].flatMap((stack) =>
    Object.values((read(`${stack}.template.json`) as { Resources: Record<string, Resource> }).Resources).flatMap(
      ({ Type: type, Properties: properties }) =>
        type === 'AWS::CloudWatch::Alarm' ? JSON.stringify(properties['AlarmName']) : [],
    ),
  )
  expect(alarms.length).toBeGreaterThanOrEqual(3 * 8)
  expect(new Set(alarms).size).toBe(alarms.length)

  const { files } = read('Shop.assets.json') as { files: Record<string, { source: { path: string } }> }
  const bundles = Object.values(files)
    .map(({ source }) => join(folder, 'cdk.out', source.path))
    .filter((path) => path.includes('asset.'))
    .map((path) => readdirSync(path))
  const holding = (name: string): number => bundles.filter((names) => names.includes(name)).length
  expect([holding('migrations'), holding('postgres-17'), holding('pg_dump.wasm')]).toEqual([4, 2, 1])
}, 240_000)

test('brings its command, which finds pg_dump, servers and drizzle-kit where npm put them, and its configuration beside CommonJS', async () => {
  const project = join(folder, 'service')
  await mkdir(project)
  await writeFile(join(project, 'package.json'), '{ "type": "commonjs" }')
  await cp('migrations', join(project, 'migrations'), { recursive: true })
  const url = targetUrl(await testDatabase(17))
  const raingauge = async (words: string): Promise<Record<string, unknown>> => {
    const command = `${join(folder, 'node_modules', '.bin', 'raingauge')} ${words}`
    const outcome = await runLine(project, command, { DATABASE_URL_STAGING: url, DATABASE_URL_PROD: url })
    expect({ words, ...outcome }).toMatchObject({
      words,
      status: 0,
      stderr: expect.not.stringContaining('Warning') as string,
    })
    return words.endsWith('--json') ? (JSON.parse(outcome.stdout) as Record<string, unknown>) : outcome
  }
  expect(await raingauge('init')).toMatchObject({ stdout: expect.stringContaining('raingauge.config.mts') as string })
  await raingauge('migrate production')
  expect(await raingauge('publish --json')).toMatchObject({ project: 'app', outcome: 'published' })
  const run = await raingauge('run --published --json')
  expect(run['archives']).toMatchObject([
    { environment: 'staging', engine: 'wasm', trust: 'restored' },
    { environment: 'production', engine: 'wasm', trust: 'restored' },
  ])
  const { verdicts } = run as { verdicts: { check: string; status: string }[] }
  expect(verdicts.filter(({ status }) => status !== 'clean')).toEqual([])
  expect(new Set(verdicts.map(({ check }) => check))).toEqual(new Set(['folder', 'ledger', 'schema', 'archive']))
}, 120_000)

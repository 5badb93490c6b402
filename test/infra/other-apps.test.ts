// The package as strangers have it: packed, unpacked into their node_modules, and made part of a stack of theirs.
import { readdirSync, readFileSync } from 'node:fs'
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { testFolder } from '../support/directory.ts'
import { runLine } from '../support/project-copy.ts'

const PACKED_FROM = ['lib', 'lambdas', 'scripts', 'package.json', 'tsconfig.json', 'tsconfig.build.json']

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
const app = new App({ outdir: 'cdk.out' })
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

/** An app of somebody else, with this package installed. */
async function strangersApp(): Promise<string> {
  const [source, folder] = [testFolder(), testFolder()]
  for (const name of PACKED_FROM) await cp(name, join(source, name), { recursive: true })
  await symlink(resolve('node_modules'), join(source, 'node_modules'))
  const installed = join(folder, 'node_modules')
  await mkdir(join(installed, 'raingauge'), { recursive: true })
  for (const name of readdirSync('node_modules').filter((each) => !each.startsWith('.'))) {
    await symlink(resolve('node_modules', name), join(installed, name))
  }
  const packing = 'npm pack --loglevel=error >&2 && tar -xzf *.tgz --strip-components=1 -C'
  const packed = await runLine(source, `${packing} ${join(installed, 'raingauge')}`)
  if (packed.status !== 0) throw new Error(packed.stderr)
  await cp('migrations', join(folder, 'db'), { recursive: true })
  await mkdir(join(folder, 'mine'))
  await writeFile(join(folder, 'mine', 'index.mjs'), '')
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG))
  await writeFile(join(folder, 'app.ts'), APP)
  return folder
}

test('is one construct of any app, whose props go over those of the package and whose bundles it builds itself', async () => {
  const folder = await strangersApp()
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

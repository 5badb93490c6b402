// `npx cdk synth` in a fresh clone: the real command line, with neither network nor account.
import { existsSync, globSync, lstatSync, readFileSync } from 'node:fs'
import { symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { projectCopy, runLine } from '../support/project-copy.ts'
import { cdkJson } from '../support/synthesized-stack.ts'

/** Any request to the outside would go to a port where nobody listens, and fail. */
const OFFLINE = {
  HTTP_PROXY: 'http://127.0.0.1:9',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  AWS_EC2_METADATA_DISABLED: 'true',
}

type Manifest = { artifacts: Record<string, { type: string; properties: { file: string } }> }

test('synthesizes the example offline, with whole bundles that zip without a link', async () => {
  const folder = await projectCopy()
  for (const name of ['cdk.json', 'lambdas']) await symlink(resolve(name), join(folder, name))
  const { status, stderr } = await runLine(folder, 'cdk synth --quiet --output cdk.out', OFFLINE)
  expect(stderr).toContain('There is no raingauge.config.ts: this is the example.')
  expect(status).toBe(0)
  const out = join(folder, 'cdk.out')
  const assets = JSON.parse(readFileSync(join(out, 'Raingauge-example.assets.json'), 'utf8')) as {
    files: Record<string, { source: { path: string; packaging: string } }>
  }
  const folders = Object.values(assets.files)
    .filter(({ source }) => source.packaging === 'zip')
    .map(({ source }) => join(out, source.path))
  const holding = (file: string): number => folders.filter((each) => existsSync(join(each, file))).length
  expect(holding('index.mjs')).toBe(4)
  expect(holding('migrations/meta/_journal.json')).toBe(4)
  expect(holding('postgres-17/bin/postgres')).toBe(2)
  expect(holding('drizzle-kit/bin.cjs')).toBe(1)
  expect(holding('pg_dump.wasm')).toBe(1)
  expect(holding('dump-worker.mjs')).toBe(1)
  for (const each of folders) {
    const links = globSync('**', { cwd: each }).filter((name) => lstatSync(join(each, name)).isSymbolicLink())
    expect(links).toEqual([])
  }
  const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Manifest
  expect(Object.keys(manifest.artifacts)).toContain('Raingauge-example')
}, 180_000)

test('says in one line each what is wrong with a configuration that would put a secret into the template', async () => {
  const folder = await projectCopy()
  await symlink(resolve('cdk.json'), join(folder, 'cdk.json'))
  const { status, stderr } = await runLine(folder, 'node bin/app.ts', {
    DATABASE_URL_STAGING: 'postgres://app:hunter22@staging.example.com/app',
    DATABASE_URL_PROD: 'postgres://app:hunter22@production.example.com/app',
  })
  expect(status).toBe(78)
  expect(stderr.trim().split('\n')).toEqual([
    expect.stringMatching(/^environments \(staging\): is a value.*\(put it into Secrets Manager/),
    expect.stringMatching(/^environments \(production\): is a value.*\(put it into Secrets Manager/),
  ])
  expect(stderr).not.toContain('hunter22')
})

test('cdk.json has every flag that this version of the library recommends, and tells nobody that it ran', () => {
  const { app, notices, versionReporting, context } = cdkJson()
  const recommended = JSON.parse(
    readFileSync('node_modules/aws-cdk-lib/recommended-feature-flags.json', 'utf8'),
  ) as Record<string, unknown>
  expect(context).toMatchObject(recommended)
  expect(context).toMatchObject({ 'cli-telemetry': false, '@aws-cdk/core:validateAgainstDefaultRules': true })
  expect({ app, notices, versionReporting }).toEqual({
    app: 'node_modules/.bin/node bin/app.ts',
    notices: false,
    versionReporting: false,
  })
})

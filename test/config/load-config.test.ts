import { mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ConfigError, type ConfigFault } from '../../lib/config/config-error.ts'
import { loadConfig, type ConfigRequest } from '../../lib/config/load-config.ts'

function folder(file?: string): string {
  const path = mkdtempSync(join(tmpdir(), 'raingauge-config-'))
  onTestFinished(() => rm(path, { recursive: true }))
  if (file !== undefined) writeFileSync(join(path, 'raingauge.config.ts'), file)
  return path
}

const load = (cwd: string, request: Partial<ConfigRequest> = {}) => loadConfig({ cwd, variables: {}, ...request })

async function faultsOf(config: Promise<unknown>): Promise<ConfigFault[]> {
  const error = await config.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  if (error instanceof ConfigError) return error.faults
  throw new Error(`no ConfigError, but ${String(error)}`)
}

const fileWith = (schema: string): string =>
  `export default { environments: [{ name: 'production', url: 'postgres://u@h/a' }], schema: ${schema} }`

const TWO = { DATABASE_URL_STAGING: 'postgres://u:p@s/app', DATABASE_URL_PROD: 'postgres://u:p@p/app' }

test('nothing configured is null: the caller may then use the sample', async () => {
  expect(await load(folder())).toBeNull()
  expect(await load(folder(), { variables: { DATABASE_URL_STAGING: '', DATABASE_URL_PROD: '' } })).toBeNull()
})

test('the two environment variables are staging and production, in that order', async () => {
  const cwd = folder()
  const config = await load(cwd, { variables: TWO })
  expect(config?.environments.map(({ name }) => name)).toEqual(['staging', 'production'])
  expect(config).toMatchObject({
    migrations: join(cwd, 'migrations'),
    ledger: null,
    store: { kind: 'directory', path: join(cwd, '.raingauge') },
    metricsFile: join(cwd, '.raingauge', 'metrics.prom'),
    slackWebhook: null,
  })
})

test('a file is complete with its defaults, paths start at the file, secrets go by reference', async () => {
  const cwd = folder(`export default {
    project: 'shop', migrations: './db/out', ledger: 'drizzle.__drizzle_migrations', store: 's3://bucket/a/b/',
    environments: [{ name: 'production', url: { secret: 'shop/production' } }],
  }`)
  const config = await load(tmpdir(), { configFile: join(cwd, 'raingauge.config.ts') })
  expect(config).toMatchObject({
    project: 'shop',
    migrations: join(cwd, 'db/out'),
    ledger: { schema: 'drizzle', table: '__drizzle_migrations' },
    store: { kind: 's3', bucket: 'bucket', prefix: 'a/b' },
    metricsFile: null,
    environments: [{ name: 'production', url: { kind: 'secrets-manager', id: 'shop/production' } }],
    deploy: { postgresMajor: 17, architecture: 'arm64', timeZone: 'Etc/UTC' },
  })
})

test('flags alone are enough, and stand over a file', async () => {
  const cwd = folder()
  const flags = { migrations: 'm', env: ['a=postgres://u@h/a', 'b=postgres://u@h/b?sslmode=disable'], ledger: 'x.y' }
  expect(await load(cwd, flags)).toMatchObject({
    migrations: join(cwd, 'm'),
    ledger: { schema: 'x', table: 'y' },
    environments: [{ name: 'a' }, { name: 'b' }],
  })
  const file = join(
    folder(`export default { environments: [{ name: 'c', url: 'postgres://u@h/c' }] }`),
    'raingauge.config.ts',
  )
  expect(await load(cwd, { configFile: file, ledger: 'x.y' })).toMatchObject({
    ledger: { schema: 'x', table: 'y' },
    environments: [{ name: 'c' }],
  })
})

test('a webhook in the environment is used', async () => {
  const variables = { ...TWO, SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T/B/x' }
  expect((await load(folder(), { variables }))?.slackWebhook).toMatchObject({ kind: 'value' })
})

test('every fault is reported together, with its place and its remedy, and without a secret', async () => {
  const cwd = folder(`export default {
    project: 'My Shop', ledger: 'nodots', store: 'ftp://x',
    environments: [
      { name: 'Staging', url: 'mysql://u:hunter22@h/a' }, { name: 'b', url: { env: 'NOT_SET' } }, { name: 'b', url: 'postgres://u@h/b' },
    ],
    slack: { webhook: 'hunter22' },
  }`)
  const faults = await faultsOf(load(cwd))
  const places = faults.map(({ place }) => place.replace(/^.*raingauge\.config\.ts: /, ''))
  expect(places.toSorted()).toEqual([
    'environments[0].name',
    'environments[0].url (Staging)',
    'environments[1].url (b)',
    'environments[2].name',
    'ledger',
    'project',
    'slack.webhook',
    'store',
  ])
  for (const fault of faults) expect(fault.remedy.length).toBeGreaterThan(5)
  expect(JSON.stringify(faults)).not.toContain('hunter22')
})

test('rules of the schema check are read, and every fault of theirs is told', async () => {
  const rules = {
    ignore: [
      { class: 'index', name: 'app.*', reason: 'made by the DBA', expires: '2026-12-31', environment: 'production' },
    ],
    severity: [
      { kind: 'schema.unexpected', attribute: 'comment', severity: 'critical' },
      { kind: 'schema.unmodelled', class: 'a kind of Postgres 21', severity: 'info' },
      { class: 'materialized*', severity: 'info' },
    ],
  }
  expect((await load(folder(fileWith(JSON.stringify(rules)))))?.schema).toEqual(rules)
  expect((await load(folder(fileWith('{}'))))?.schema).toEqual({ ignore: [], severity: [] })
  const faults = await faultsOf(
    load(
      folder(
        fileWith(`{
          ignore: [{ name: 'x' }, { reason: 'r' }, { name: 'x', reason: 'r', expires: '2026-02-30' }, { kind: 'ledger.behind', reason: 'r' }],
          severity: [{ name: 'x', severity: 'fatal' }, { nam: 'x', severity: 'info' }, { class: 'colum', severity: 'info' }],
        }`),
      ),
    ),
  )
  const places = faults.map(({ place }) => place.replace(/^.*: /, ''))
  expect([...new Set(places)]).toEqual([
    'schema.ignore[0].reason',
    'schema.ignore[1]',
    'schema.ignore[2].expires',
    'schema.ignore[3].kind',
    'schema.severity[0].severity',
    'schema.severity[1]',
    'schema.severity[2].class',
  ])
  const stranger = await faultsOf(
    load(folder(fileWith(`{ ignore: [{ name: 'x', reason: 'r', environment: 'prod' }] }`))),
  )
  expect(stranger).toMatchObject([{ problem: 'there is no environment "prod"', remedy: 'name one of production' }])
})

test('the platform and other names of roles are read, and faults in them told', async () => {
  const text = `{ platform: 'none', roles: { app_production: 'app' } }`
  expect((await load(folder(fileWith(text))))?.schema).toEqual({
    ignore: [],
    severity: [],
    platform: 'none',
    roles: { app_production: 'app' },
  })
  const faults = await faultsOf(load(folder(fileWith(`{ platform: 'heroku', roles: { app_production: 7 } }`))))
  expect(faults.map(({ place }) => place.replace(/^.*: /, ''))).toEqual([
    'schema.platform',
    'schema.roles.app_production',
  ])
})

test('unknown and mistyped settings are faults of their own', async () => {
  const faults = await faultsOf(load(folder(`export default { enviroments: [], environments: [{ name: 1 }] }`)))
  expect(faults.map(({ place }) => place).join()).toMatch(/environments\[0\]\.name.*environments\[0\]\.url/)
  expect(faults.map(({ problem }) => problem).join()).toMatch(/enviroments/)
})

test.each([
  ['a file that is not there', { configFile: 'nowhere.ts' }, /there is no file/],
  ['a migrations folder without a database', { migrations: 'm' }, /no database is named/],
  ['an --env that is no pair', { env: ['postgres://u:hunter22@h/a'] }, /not NAME=URL/],
])('%s', async (_, request, words) => {
  const faults = await faultsOf(load(folder(), request))
  expect(faults.map(({ problem }) => problem).join()).toMatch(words)
  expect(JSON.stringify(faults)).not.toContain('hunter22')
})

test.each([
  ['throws', `throw new Error('broken inside')`, /broken inside/],
  ['exports nothing', `export const config = {}`, /no default export/],
  ['is not TypeScript', `export default {`, /cannot be loaded/],
  ['exports no object', `export default 7`, /expected object/i],
])('a file that %s', async (_, text, words) => {
  expect((await faultsOf(load(folder(text)))).map(({ problem }) => problem).join()).toMatch(words)
})

function withScratchUrl(url: string): string {
  return `export default { environments: [{ name: 'production', url: 'postgres://u@h/a' }], scratch: { url: ${url} } }`
}

test('the scratch server is a URL as any other, or DATABASE_URL_SCRATCH, and a fault in it is told', async () => {
  expect((await load(folder(), { variables: TWO }))?.scratch).toBeNull()
  const variables = { ...TWO, DATABASE_URL_SCRATCH: 'postgres://u:p@scratch/postgres' }
  expect((await load(folder(), { variables }))?.scratch).toMatchObject({ kind: 'value' })
  const written = await load(folder(withScratchUrl(`{ secret: 'app/scratch' }`)), { variables })
  expect(written?.scratch).toEqual({ kind: 'secrets-manager', id: 'app/scratch' })
  const [fault] = await faultsOf(load(folder(withScratchUrl(`'mysql://u:hidden@h'`))))
  expect(fault?.place).toContain('scratch.url')
  expect(JSON.stringify(fault)).not.toContain('hidden')
})

const fileOf = (environment: string, more = ''): string =>
  `export default { environments: [{ name: 'production', url: 'postgres://u@h/a', ${environment} }], ${more} }`

async function iam(text: string) {
  return (await load(folder(fileOf(text))))?.environments[0]?.iam
}

async function dump(text: string) {
  return (await load(folder(fileOf('', text))))?.dump
}

test('IAM login is asked for by environment, with the region of the host or one that is named', async () => {
  expect(await iam('')).toBeUndefined()
  expect(await iam('iam: true')).toEqual({ region: null })
  expect(await iam(`iam: { region: 'eu-west-1' }`)).toEqual({ region: 'eu-west-1' })
})

test.each(['false', `'eu-west-1'`, '{}', `{ region: '' }`])('iam: %s is a fault', async (wrong) => {
  const faults = await faultsOf(load(folder(fileOf(`iam: ${wrong}`))))
  expect(faults.map(({ place }) => place).join()).toContain('environments[0].iam')
})

test('the pg_dump is the packaged one, or a native one, by absolute path if any', async () => {
  expect(await dump('')).toEqual({ engine: 'wasm' })
  expect(await dump(`dump: { engine: 'wasm' }`)).toEqual({ engine: 'wasm' })
  expect(await dump(`dump: { engine: 'native' }`)).toEqual({ engine: 'native', program: null })
  expect(await dump(`dump: { engine: 'native', program: '/opt/pg_dump' }`)).toEqual({
    engine: 'native',
    program: '/opt/pg_dump',
  })
})

test.each([`{ engine: 'binary' }`, `{ engine: 'native', program: 'pg_dump' }`, `{ program: '/opt/pg_dump' }`])(
  'dump: %s is a fault',
  async (wrong) => {
    const faults = await faultsOf(load(folder(fileOf('', `dump: ${wrong}`))))
    expect(faults.map(({ place }) => place).join()).toMatch(/dump/)
  },
)

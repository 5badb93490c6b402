// The bundles as Lambda would run them, on real Postgres: only AWS itself is stood in for.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { targetUrl, execute } from '../support/database.ts'
import { buildBundles, deployment, type Bundles, type Deployment } from '../support/deployment.ts'
import { invoke } from '../support/bundled-function.ts'
import { TEST_PASSWORD } from '../support/global-setup.ts'
import { mayCall } from '../support/store-permissions.ts'
import type { FunctionJob } from '../../lib/config/function-variables.ts'

let bundles: Bundles

beforeAll(async () => {
  bundles = await buildBundles()
}, 120_000)

afterAll(() => bundles.remove())

/** Calls that the job made and that the template would not let it make. */
function forbidden(job: FunctionJob, { s3 }: Deployment, since = 0): string[] {
  return s3.calls
    .slice(since)
    .filter(({ operation, key }) => !mayCall(job, operation, key))
    .map(({ operation, key }) => `${job}: ${operation} ${key}`)
}

test('check finds a hotfix, backup leaves archives, drill restores them, each within its permissions', async () => {
  const stack = await deployment(bundles)
  await execute(stack.production, 'CREATE INDEX hotfix_idx ON public.users (display_name)')

  const checked = await stack.run('check')
  expect(checked.error).toBeUndefined()
  expect(checked.log.at(-1)).toMatchObject({ level: 'INFO', job: 'check', message: 'done', status: 1 })
  expect(stack.read('state/shop/_run-check.json')).toContain('production/schema.unexpected/index/public.hotfix_idx')
  expect(stack.keys('baselines/')).toHaveLength(1)
  expect(forbidden('check', stack)).toEqual([])

  const beforeBackup = stack.s3.calls.length
  const backedUp = await stack.run('backup')
  expect(backedUp.error).toBeUndefined()
  expect(backedUp.log.at(-1)).toMatchObject({ message: 'done', status: 0, archives: 2 })
  expect(stack.keys('archives/shop/production/').map((key) => key.split('/').at(-1))).toEqual([
    'archive.dump.zst.age',
    'catalog.json.zst.age',
    'globals.sql.age',
    'manifest.json',
    'verified.json',
  ])
  expect(forbidden('backup', stack, beforeBackup)).toEqual([])

  const beforeDrill = stack.s3.calls.length
  const asked = stack.secrets.asked.length
  const drilled = await stack.run('drill')
  expect(drilled.error).toBeUndefined()
  const restored = stack.keys('archives/').filter((key) => key.endsWith('/restored.json'))
  expect(restored.map((key) => key.split('/')[2])).toEqual(['production', 'staging'])
  expect(forbidden('drill', stack, beforeDrill)).toEqual([])
  // No database's: only the key of the archives.
  expect(new Set(stack.secrets.asked.slice(asked))).toEqual(new Set(['shop/age-key']))

  const beforePrune = stack.s3.calls.length
  const pruned = await stack.run('prune')
  expect(pruned.error).toBeUndefined()
  expect(stack.keys('archives/').filter((key) => key.endsWith('/manifest.json'))).toHaveLength(2)
  expect(forbidden('prune', stack, beforePrune)).toEqual([])

  for (const { left, output } of [checked, backedUp, drilled, pruned]) {
    expect(left).toEqual([])
    expect(output).not.toContain(TEST_PASSWORD)
    expect(output).not.toContain(encodeURIComponent(TEST_PASSWORD))
  }
}, 180_000)

test('what could not be looked at makes the function fail, after the others were judged, and without the password', async () => {
  const stack = await deployment(bundles)
  const url = targetUrl(stack.production).replace(encodeURIComponent(TEST_PASSWORD), 'not-for-any-log')
  stack.secrets.secrets.set('shop/production', url)
  const { error, output } = await stack.run('check')
  expect(error).toMatchObject({
    name: 'RaingaugeError',
    message: expect.stringMatching(/^check: ledger of production: .*password authentication failed/) as string,
  })
  expect(error?.message).not.toContain('of staging')
  expect(stack.read('state/shop/_run-check.json')).toContain('"environment":"staging","status":"clean"')
  expect(output).not.toContain('not-for-any-log')
}, 120_000)

test('a secret that cannot be had is the trouble of its environment alone', async () => {
  const stack = await deployment(bundles)
  stack.secrets.secrets.set('shop/staging', null)
  const { error } = await stack.run('backup')
  expect(error?.message).toMatch(/archive of staging: the secret shop\/staging: AccessDeniedException/)
  expect(error?.message).not.toContain('archive of production')
  expect(stack.keys('archives/').filter((key) => key.endsWith('manifest.json'))).toHaveLength(1)
}, 120_000)

test('a bucket that refuses fails the function and leaves nothing half-way', async () => {
  const stack = await deployment(bundles)
  stack.s3.fail(100, { operation: 'PutObject', status: 403 })
  const { error, left } = await stack.run('backup')
  expect(error?.message).toMatch(/^backup: archive of staging: /)
  expect(stack.keys('')).toEqual([])
  expect(stack.s3.bucket.uploads.size).toBe(0)
  expect(left).toEqual([])
}, 120_000)

test('a function that is out of time stops by itself, says so, and leaves no half archive', async () => {
  const stack = await deployment(bundles)
  const { error, log, left } = await stack.run('backup', { remainingMs: 30_000 })
  expect(error?.message).toMatch(/out of time: stopped 30 s before Lambda would/)
  expect(log.at(-1)).toMatchObject({ level: 'ERROR', job: 'backup' })
  expect(stack.keys('archives/')).toEqual([])
  expect(stack.s3.bucket.uploads.size).toBe(0)
  expect(left).toEqual([])
}, 120_000)

test('a slot of one environment is done for that one, once, and an environment that there is not is refused', async () => {
  const stack = await deployment(bundles)
  const event = { slot: new Date().toISOString(), environment: 'production' }
  for (const _ of ['first', 'second']) expect((await stack.run('backup', { event })).error).toBeUndefined()
  const made = stack.keys('archives/').filter((key) => key.endsWith('/manifest.json'))
  expect(made.map((key) => key.split('/')[2])).toEqual(['production'])
  expect(stack.keys('state/shop/_run-')).toEqual(['state/shop/_run-backup-production.json'])
  const { error } = await stack.run('backup', { event: { environment: 'produktion' } })
  expect(error?.message).toMatch(/environment of the event: there is no environment "produktion"/)
}, 120_000)

test('without its configuration a function names the variable', async () => {
  const { error } = await invoke(bundles.assets.check.folder, {})
  expect(error?.message).toBe('RAINGAUGE_CONFIG: is not set (deploy the stack again: it writes this variable)')
})

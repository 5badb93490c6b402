// The bundles as Lambda would run them, on real Postgres: only AWS itself is stood in for.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { FUNCTION_JOBS } from '../../lib/config/function-variables.ts'
import { archiveKey } from '../../lib/store/keys.ts'
import type { Run } from '../../lib/run.ts'
import { LEASE_TIMES } from '../../lib/store/lease.ts'
import { invoke, invokeIn, type Invocation } from '../support/bundled-function.ts'
import { targetUrl, execute } from '../support/database.ts'
import { builtBundles, deployment, type Bundles } from '../support/deployment.ts'
import { TEST_PASSWORD } from '../support/global-setup.ts'
import { canMakeRooms } from '../support/lambda-sandbox.ts'
import { publishTo, release, RELEASED } from '../support/release.ts'
import { permissions } from '../support/permissions.ts'
import type { S3Bucket } from '../support/s3-stand-in-bucket.ts'
import { AGE_PAIR } from '../support/synthesized-stack.ts'
import { UNUSED_GRANTS } from '../support/unused-grants.ts'

const MIGRATIONS = join(import.meta.dirname, '..', '..', 'migrations')

let bundles: Bundles

/** What all the runs in this file asked for. */
const asked = permissions()

beforeAll(async () => {
  bundles = await builtBundles()
}, 120_000)

const MEGABYTE = 2 ** 20
/** An archive that never came to exist. */
const KILLED = '20260102T030405Z-0a1b2c3d'

test('backup leaves locked archives, check finds a hotfix, drill restores, prune keeps, each within its memory', async () => {
  const encryption = { recipients: [AGE_PAIR.recipient], identity: { secret: 'shop/age-key' } }
  const stack = await deployment(bundles, { archives: { encryption, lock: { days: 1 } } }, asked)
  await execute(stack.production, 'CREATE INDEX hotfix_idx ON public.users (display_name)')

  const backedUp = await stack.run('backup')
  expect(backedUp.error).toBeUndefined()
  expect(backedUp.log.at(-1)).toMatchObject({ message: 'done', status: 0, archives: 2 })
  const made = stack.keys('archives/shop/production/')
  expect(made.map((key) => key.split('/').at(-1))).toEqual([
    'archive.dump.zst.age',
    'catalog.json.zst.age',
    'globals.sql.age',
    'manifest.json',
    'verified.json',
  ])
  expect(stack.s3.bucket.objects.get(made[0] ?? '')?.retention?.mode).toBe('GOVERNANCE')

  const checked = await stack.run('check')
  expect(checked.error).toBeUndefined()
  expect(checked.log.at(-1)).toMatchObject({ level: 'INFO', job: 'check', message: 'done', status: 1 })
  expect(stack.read('state/shop/_run-check.json')).toContain('production/schema.unexpected/index/public.hotfix_idx')
  expect(stack.keys('baselines/')).toHaveLength(1)
  // What the alarm for a stale archive stands on.
  expect(checked.log).toContainEqual({
    _aws: expect.objectContaining({
      CloudWatchMetrics: [expect.objectContaining({ Namespace: 'Raingauge' })],
    }) as unknown,
    project: 'shop',
    environment: 'production',
    raingauge_archive_age_seconds: expect.any(Number) as unknown,
  })
  expect(checked.log).toContainEqual(
    expect.objectContaining({ raingauge_findings: 1, findings_of: { folder: 0, staging: 0, production: 1 } }),
  )

  const before = stack.secrets.asked.length
  const drilled = await stack.run('drill')
  expect(drilled.error).toBeUndefined()
  const restored = stack.keys('archives/').filter((key) => key.endsWith('/restored.json'))
  expect(restored.map((key) => key.split('/')[2])).toEqual(['production', 'staging'])
  // No database's: only the key of the archives.
  expect(new Set(stack.secrets.asked.slice(before))).toEqual(new Set(['shop/age-key']))

  const pruned = await stack.run('prune')
  expect(pruned.error).toBeUndefined()
  expect(stack.keys('archives/').filter((key) => key.endsWith('/manifest.json'))).toHaveLength(2)

  const runs = { check: checked, backup: backedUp, drill: drilled, prune: pruned }
  for (const job of FUNCTION_JOBS) {
    const { left, output, peakBytes } = runs[job]
    expect(left).toEqual([])
    expect(output).not.toContain(TEST_PASSWORD)
    expect(output).not.toContain(encodeURIComponent(TEST_PASSWORD))
    expect({ job, megabytes: peakBytes / MEGABYTE }).toSatisfy(
      // Where nobody could look, nothing was measured.
      ({ megabytes }) => megabytes < stack.functionOf(job).memoryMb && (megabytes > 40 || !canMakeRooms()),
    )
  }
}, 180_000)

test('a sandbox does its job again, after it was frozen and its connections were lost', async () => {
  const stack = await deployment(bundles, {}, asked)
  const sandbox = await stack.start('check')
  const cold = await invokeIn(sandbox)
  expect(cold.error).toBeUndefined()
  expect(stack.read('state/shop/_run-check.json')).not.toContain('public.hotfix_idx')
  sandbox.freeze()
  stack.s3.cutConnections()
  await sleep(1_000)
  sandbox.thaw()
  await execute(stack.production, 'CREATE INDEX hotfix_idx ON public.users (display_name)')
  const warm = await invokeIn(sandbox)
  expect(warm.error).toBeUndefined()
  expect(stack.read('state/shop/_run-check.json')).toContain('public.hotfix_idx')
  expect(idsOf(warm)).not.toEqual([])
  expect(idsOf(cold).filter((id) => idsOf(warm).includes(id))).toEqual([])
  expect(warm.left).toEqual([])
  // Fetched secrets stay for some minutes.
  expect(stack.secrets.asked.toSorted()).toEqual(['shop/production', 'shop/staging'])
}, 120_000)

test('a backup that is killed in the middle leaves no archive; the next one clears away and makes it, and prune the one before', async () => {
  const keep = { daily: 1, weekly: 0, monthly: 0, atLeast: 1 }
  const stack = await deployment(bundles, { archives: { keep } }, asked)
  // Compressed, a part of an upload and a little more.
  await execute(
    stack.production,
    'CREATE TABLE public.large AS SELECT n, md5(n::text) || md5(random()::text) AS noise FROM generate_series(1, 260000) AS n',
  )
  stack.s3.fail(1, { operation: 'UploadPart', hang: true })
  const doomed = await stack.start('backup')
  const answer = doomed.invoke({ environment: 'production' }, 300_000)
  answer.catch(() => undefined)
  await until(() => stack.s3.calls.some(({ operation }) => operation === 'UploadPart'))
  await doomed.kill()
  await expect(answer).rejects.toThrow(/the sandbox ended/)
  expect(stack.s3.bucket.uploads.size).toBe(1)
  expect(stack.keys('archives/')).toEqual([])

  // What others left that were killed at other places.
  const { bucket } = stack.s3
  const half = { body: Buffer.from('half'), crc32: undefined }
  for (const file of ['archive.dump.zst', 'catalog.json.zst', 'globals.sql'] as const) {
    bucket.put(archiveKey('shop', 'production', KILLED, file), half, {}, { ifNoneMatch: undefined, ifMatch: undefined })
  }
  bucket.begin(archiveKey('shop', 'staging', KILLED, 'archive.dump.zst'), {}, undefined)

  passHours(bucket, 2)
  const next = await stack.start('backup', { NODE_OPTIONS: quickWatch(stack.functionOf('backup').variables) })
  for (const _ of ['recovers', 'goes on']) {
    const { error, left } = await invokeIn(next, { event: { environment: 'production' } })
    expect(error).toBeUndefined()
    expect(left).toEqual([])
  }
  expect([...bucket.uploads.values()].map(({ key }) => key.split('/')[2])).toEqual(['staging'])
  expect(stack.keys(`archives/shop/production/${KILLED}`)).toEqual([])
  const manifests = (): string[] => stack.keys('archives/').filter((key) => key.endsWith('/manifest.json'))
  const [older, newer] = manifests()
  expect(newer).toBeDefined()
  expect((await stack.run('prune')).error).toBeUndefined()
  expect(manifests()).toEqual([newer])
  expect(bucket.uploads.size).toBe(0)
  expect(stack.keys(`${older?.replace('manifest.json', '')}`)).toEqual([])
}, 120_000)

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
  expect(error?.message).toMatch(/archive of staging: the parameter shop\/staging: AccessDeniedException/)
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
  const stack = await deployment(bundles)
  const { error } = await invoke({ ...stack.functionOf('check'), asset: bundles.check.folder, variables: {} })
  expect(error?.message).toBe('RAINGAUGE_CONFIG: is not set (deploy the stack again: it writes this variable)')
})

test('a function goes by what was published since it was deployed', async () => {
  const stack = await deployment(bundles, {}, asked)
  const path = await release(MIGRATIONS, [stack.staging, stack.production])
  const sandbox = await stack.start('check')
  const before = await invokeIn(sandbox)
  expect(before.error?.message).toContain('bring the folder of the deployed version (raingauge publish)')
  expect(before.log).toContainEqual(
    expect.objectContaining({ message: expect.stringMatching(/^folder: bundled, /) as string }),
  )

  const { publication } = await publishTo(stack.s3, 'shop', path)
  for (const _ of ['fetched', 'in the temp folder still']) {
    const { error, log, left } = await invokeIn(sandbox)
    expect(error).toBeUndefined()
    expect(log).toContainEqual(
      expect.objectContaining({ message: `folder: published ${publication.id}, up to ${RELEASED}` }),
    )
    expect(left).toEqual([expect.stringMatching(/^raingauge-migrations-/)])
  }
  const { folder, verdicts } = JSON.parse(stack.read('state/shop/_run-check.json') ?? '') as Run
  // There are no archives yet.
  const ofMigrations = verdicts.filter(({ check }) => check !== 'archive')
  expect(ofMigrations.map(({ status }) => status)).toEqual(['clean', 'clean', 'clean', 'clean', 'clean'])
  const { id, publishedAt, tag } = publication
  expect(folder).toEqual({ source: 'published', id, publishedAt, tag })
  const fetched = stack.s3.calls.filter(({ operation, key }) => operation === 'GetObject' && key.includes(id))
  expect(fetched).toHaveLength(1)

  const forgotten = `migrations/shop/20250101T000000Z-${'0'.repeat(16)}.json.zst`
  const there = stack.s3.bucket.objects.get(`migrations/shop/${id}.json.zst`)
  if (there === undefined) throw new Error('nothing is published')
  stack.s3.bucket.objects.set(forgotten, { ...there })
  passHours(stack.s3.bucket, 25)
  await stack.run('prune')
  expect(stack.keys('migrations/')).toEqual([`migrations/shop/${id}.json.zst`, 'migrations/shop/published.json'])
}, 120_000)

/** Folder into which npm installed aws-lambda-ric, which is compiled then: see .ci/run. */
const RIC = process.env['RAINGAUGE_LAMBDA_RIC']
if (RIC === undefined) {
  process.stderr.write(
    '\n*** RAINGAUGE_LAMBDA_RIC is not set: bundles were NOT run by the runtime client of AWS ***\n\n',
  )
}

test.skipIf(RIC === undefined)(
  'the runtime client of AWS runs a bundle, and hears of its failure',
  async () => {
    const stack = await deployment(bundles, {}, asked)
    const client = { folder: RIC ?? '', file: 'node_modules/aws-lambda-ric/index.mjs' }
    const sandbox = await stack.start('check', {}, client)
    expect((await sandbox.invoke({}, 300_000)).error).toBeUndefined()
    expect(stack.read('state/shop/_run-check.json')).toContain('"environment":"production"')
    const { error } = await sandbox.invoke({ environment: 'produktion' }, 300_000)
    expect(error).toMatchObject({
      name: 'RaingaugeError',
      message: expect.stringContaining('there is no environment "produktion"') as string,
    })
  },
  120_000,
)

test('the roles may do all that the jobs asked for, and besides only what has its reason', () => {
  expect(asked.refused).toEqual([])
  const unused = asked.unused().map(({ job, action, resource }) => `${job} ${action} ${resource}`)
  const without = unused.filter((grant) => !UNUSED_GRANTS.some(({ pattern }) => pattern.test(grant)))
  expect(without).toEqual([])
  const needless = UNUSED_GRANTS.filter(({ pattern }) => !unused.some((grant) => pattern.test(grant)))
  expect(needless).toEqual([])
})

function idsOf({ log }: Invocation): unknown[] {
  return log.flatMap(({ requestId }) => requestId ?? [])
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20)
}

/** As if everything in the bucket were older. */
function passHours({ objects, uploads }: S3Bucket, hours: number): void {
  const ms = hours * 3_600_000
  const earlier = (time: string): string => new Date(Date.parse(time) - ms).toISOString()
  for (const object of objects.values()) object.modifiedAt = new Date(object.modifiedAt.getTime() - ms)
  for (const upload of uploads.values()) upload.begunAt = new Date(upload.begunAt.getTime() - ms)
  for (const [key, object] of objects) {
    if (!key.startsWith('locks/')) continue
    const note = JSON.parse(object.body.toString()) as { takenAt: string; expiresAt: string }
    const aged = { ...note, takenAt: earlier(note.takenAt), expiresAt: earlier(note.expiresAt) }
    object.body = Buffer.from(JSON.stringify(aged))
    object.crc32 = undefined
  }
}

/** Watching whether the holder of a lease is dead takes 45 seconds: here a moment. */
function quickWatch({ NODE_OPTIONS: own = '' }: Record<string, string>): string {
  const watch = LEASE_TIMES.renewMs * 1.5
  const code = `
    import timers from 'node:timers/promises'
    import { syncBuiltinESMExports } from 'node:module'
    const sleep = timers.setTimeout
    timers.setTimeout = (ms, ...rest) => sleep(ms === ${watch} ? 10 : ms, ...rest)
    syncBuiltinESMExports()`
  return `${own} --import=data:text/javascript,${encodeURIComponent(code)}`
}

// A backup as a task, from the line that the stack starts it with to its exit status, on real Postgres: only AWS is stood in for.
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { startS3StandIn, type S3StandIn } from '../support/s3-stand-in.ts'
import { TASK_JOBS, type TaskJob } from '../../lib/config/function-variables.ts'
import { applyMigrations } from '../../lib/ledger/apply-migrations.ts'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import { withClient } from '../../lib/postgres/client.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { ANY_MAJOR, targetUrl, testDatabase } from '../support/database.ts'
import { startTask, taskAgent, type StartedTask } from '../support/deployed-task.ts'
import { builtBundles } from '../support/deployment.ts'
import { TEST_PASSWORD } from '../support/global-setup.ts'
import { secretsStandIn } from '../support/secrets-stand-in.ts'
import { config, synthesize, type Synthesized } from '../support/synthesized-stack.ts'
import { callsToS3, callToSecret } from '../support/aws-calls.ts'
import { watchRole, type WatchedRole } from '../support/role.ts'
import { ACCOUNT, grantsOf, REGION } from '../support/template-functions.ts'
import { zipFolder } from '../support/zip.ts'

const BUNDLE = 'assets/backup.zip'

let zips: Record<TaskJob, Buffer>
let stack: Synthesized

beforeAll(async () => {
  const { backup, drill } = await builtBundles()
  const { folder } = backup
  zips = { backup: zipFolder(folder), drill: zipFolder(drill.folder) }
  const environments = [{ name: 'production', url: { secret: 'shop/production' } }]
  const of = config({
    environments,
    slack: undefined,
    archives: { lock: { days: 1 } },
    deploy: { compute: 'fargate', postgresMajor: ANY_MAJOR },
  })
  stack = synthesize(of, { assets: { check: folder, backup: folder, drill: folder, prune: folder } })
}, 120_000)

/** By job, over all runs here. */
const roles = new Map<TaskJob, WatchedRole>()

/** The role of the task, and where its code lies once it is deployed. */
function deployedRole(job: TaskJob, bucket: string): { role: WatchedRole; bundle: string } {
  const all = stack.resources()
  const [definition] = stack
    .resources('AWS::ECS::TaskDefinition')
    .filter(({ Properties: each }) => JSON.stringify(each['ContainerDefinitions']).includes(`"Name":"${job}"`))
  const grants = grantsOf(all, definition?.Properties['TaskRoleArn'], bucket)
  const role = roles.get(job) ?? watchRole(grants)
  roles.set(job, role)
  const bundle = grants.find(({ resource }) => resource.startsWith('arn:aws:s3:::cdk-'))?.resource
  return { role, bundle: bundle ?? 'none' }
}

type World = {
  s3: S3StandIn
  target: Target
  start: (variables?: Record<string, string>, job?: TaskJob) => StartedTask
  keys: (prefix: string) => string[]
}

async function world(): Promise<World> {
  const target = await testDatabase()
  await applyMigrations(target, await readFolder(join(import.meta.dirname, '..', '..', 'migrations')))
  const s3 = await startS3StandIn()
  onTestFinished(() => s3.stop())
  const secrets = await secretsStandIn({ 'shop/production': targetUrl(target) })
  const agent = await taskAgent('')
  let asks: ReturnType<typeof deployedRole> = { role: watchRole([]), bundle: 'none' }
  const [keyArn = 'none'] = stack
    .resources('AWS::KMS::Key')
    .map(({ id }) => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`)
  s3.authorize = (call) => {
    const { role, bundle } = asks
    // The assets of the CDK are encrypted under a key of S3.
    if (call.key.startsWith('assets/')) return role.may([{ action: 's3:GetObject', resource: bundle, context: {} }])
    return role.may(callsToS3(call, s3.bucketName, keyArn))
  }
  secrets.authorize = (id, _, isParameter) => asks.role.may([callToSecret(id, isParameter)])
  for (const job of TASK_JOBS) {
    const object = { body: zips[job], etag: '"zip"', metadata: {}, crc32: undefined, modifiedAt: new Date() }
    s3.bucket.objects.set(`assets/${job}.zip`, object)
  }
  const variables = {
    AWS_REGION: 'eu-central-1',
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${agent}/credentials`,
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
    ECS_CONTAINER_METADATA_URI_V4: 'http://169.254.170.2/v4/0123456789-42',
    RAINGAUGE_BUCKET: s3.bucketName,
    RAINGAUGE_ROOTS: `${agent}/roots.pem`,
    RAINGAUGE_SLOT: '2026-11-22T02:17:00Z',
    RAINGAUGE_ENVIRONMENT: 'production',
  }
  return {
    s3,
    target,
    start(more = {}, job = 'backup') {
      asks = deployedRole(job, s3.bucketName)
      return startTask(stack, job, {
        ...variables,
        RAINGAUGE_BUNDLE: `${s3.url}/${s3.bucketName}/assets/${job}.zip`,
        ...more,
      })
    },
    keys: (prefix) => [...s3.bucket.objects.keys()].filter((key) => key.startsWith(prefix)).toSorted(),
  }
}

test('fetches its code, makes the archive of its slot, and ends with status 0, and so does the drill that restores it', async () => {
  const { start, keys, s3 } = await world()
  const { status, log, stdout, stderr } = await start().ended
  expect({ status, stderr }).toMatchObject({ status: 0 })
  expect(log.at(-1)).toMatchObject({
    level: 'INFO',
    job: 'backup',
    requestId: '0123456789-42',
    message: 'done',
    archives: 1,
  })
  expect(s3.calls[0]).toMatchObject({ operation: 'GetObject', key: BUNDLE })
  expect(keys('archives/').map((key) => key.split('/').at(-1))).toContain('verified.json')
  const drilled = await start({}, 'drill').ended
  expect({ status: drilled.status, last: drilled.log.at(-1) }).toMatchObject({ status: 0, last: { message: 'done' } })
  expect(keys('archives/').map((key) => key.split('/').at(-1))).toContain('restored.json')
  expect(stdout + stderr).not.toContain(TEST_PASSWORD)
  expect(stdout + stderr).not.toContain(encodeURIComponent(TEST_PASSWORD))
}, 120_000)

test('that is told to stop in the middle of a dump leaves nothing of it, says so, and ends with status 1', async () => {
  const { start, keys, s3, target } = await world()
  const { status, log } = await withClient(target, 'holding the dump up', async (client) => {
    await client.query('BEGIN')
    await client.query('LOCK TABLE public.users IN ACCESS EXCLUSIVE MODE')
    const task = start()
    task.child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.includes('production: backing up')) task.child.kill('SIGTERM')
    })
    return await task.ended
  })
  expect(status).toBe(1)
  expect(log.filter(({ level }) => level === 'ERROR').map(({ message }) => message)).toEqual([
    expect.stringMatching(/stopped by SIGTERM/) as string,
  ])
  expect(keys('archives/')).toEqual([])
  expect(s3.bucket.uploads.size).toBe(0)
}, 120_000)

test('whose code is not there names the place, and ends with another status than 0', async () => {
  const { start, s3 } = await world()
  s3.bucket.objects.delete(BUNDLE)
  const { status, stderr } = await start().ended
  expect(status).not.toBe(0)
  expect(stderr).toContain(`/${BUNDLE}: HTTP 404`)
}, 120_000)

test('that cannot have the roots of RDS says so and does its work', async () => {
  const { start, keys } = await world()
  const { status, log } = await start({ RAINGAUGE_ROOTS: 'http://127.0.0.1:1/roots.pem' }).ended
  expect(log[0]).toMatchObject({
    level: 'WARN',
    message: expect.stringContaining('root certificates of RDS') as string,
  })
  expect(status).toBe(0)
  expect(keys('archives/').filter((key) => key.endsWith('manifest.json'))).toHaveLength(1)
}, 120_000)

/** What no run here asks for, with its reason. The roles of the functions may do the same, and are held against such runs. */
const ASKED_ELSEWHERE: readonly { pattern: RegExp; reason: string }[] = [
  {
    pattern: /^backup s3:(?:AbortMultipartUpload|ListMultipartUploadParts|DeleteObject) .*\/archives\//,
    reason: 'takes back what was half written: here, nothing was',
  },
  { pattern: /^drill s3:PutObject .*\/failed\.json$/, reason: 'none of the archives was bad' },
]

test('the roles of the tasks may do all that was asked for, and besides only what has its reason', () => {
  expect([...roles.keys()].toSorted()).toEqual(TASK_JOBS.toSorted())
  for (const { refused } of roles.values()) expect(refused).toEqual([])
  const unused = [...roles].flatMap(([job, role]) => role.unused().map((grant) => `${job} ${grant}`))
  expect(unused.filter((grant) => !ASKED_ELSEWHERE.some(({ pattern }) => pattern.test(grant)))).toEqual([])
  expect(ASKED_ELSEWHERE.filter(({ pattern }) => !unused.some((grant) => pattern.test(grant)))).toEqual([])
})

// The function of a fleet as Lambda would run it: its bundle in a sandbox, on real Postgres, with the rights of the template and no more.
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { applyMigrations } from '../../lib/ledger/apply-migrations.ts'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import { callsForLogs, callsToS3, callToSecret } from '../support/aws-calls.ts'
import { invokeIn, type Invocation } from '../support/bundled-function.ts'
import { execute, targetUrl, testDatabase } from '../support/database.ts'
import { builtBundles, type Bundles } from '../support/deployment.ts'
import { TEST_PASSWORD } from '../support/global-setup.ts'
import { startSandbox } from '../support/lambda-sandbox.ts'
import { startS3StandIn } from '../support/s3-stand-in.ts'
import { watchRole } from '../support/role.ts'
import { secretsStandIn } from '../support/secrets-stand-in.ts'
import { config, synthesize } from '../support/synthesized-stack.ts'
import { ACCOUNT, deployedFunction, REGION } from '../support/template-functions.ts'

const MIGRATIONS = join(import.meta.dirname, '..', '..', 'migrations')

let bundles: Bundles

beforeAll(async () => {
  bundles = await builtBundles()
}, 120_000)

/** Rights that only other ways of use ask for. */
const ASKED_ELSEWHERE = [
  // Secrets by the beginning of their names, and published migrations: here is neither.
  /^s3:GetObject .*\/(?:migrations|locks)\//,
  // Bytes of an encrypted bucket are decrypted when they are read, of whatever key.
  /^kms:/,
]

test('lists, looks and tells, and asks for nothing that its role does not have', async () => {
  const databases = [await testDatabase(), await testDatabase()]
  for (const target of databases) await applyMigrations(target, await readFolder(MIGRATIONS))
  await execute(databases[1]!, 'CREATE INDEX hotfix_idx ON public.users (display_name)')
  const s3 = await startS3StandIn()
  onTestFinished(() => s3.stop())
  const secrets = await secretsStandIn({
    'tenants/acme': targetUrl(databases[0]!),
    'tenants/bolt': targetUrl(databases[1]!),
    'elsewhere/secret': targetUrl(databases[0]!),
  })
  const fleet = { databases: { file: 'tenants.jsonl' }, secrets: 'tenants/' }
  const stack = synthesize(config({ slack: undefined, archives: undefined, fleet }))
  const target = deployedFunction(stack, /FleetSteps(?!.*Role)/, s3.bucketName)
  const [keyArn = 'none'] = stack
    .resources('AWS::KMS::Key')
    .map(({ id }) => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`)
  const role = watchRole(target.grants)
  role.may(callsForLogs(target.logs))
  s3.authorize = (call) => role.may(callsToS3(call, s3.bucketName, keyArn))
  secrets.authorize = (id, _, isParameter) => role.may([callToSecret(id, isParameter)])
  const rows = [
    { name: 'Acme', secret: 'tenants/acme' },
    { name: 'Bolt', secret: 'tenants/bolt' },
    { name: 'Thief', secret: 'elsewhere/secret' },
  ]
  const body = Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'))
  s3.bucket.put(
    'fleet/shop/tenants.jsonl',
    { body, crc32: undefined },
    {},
    { ifNoneMatch: undefined, ifMatch: undefined },
  )
  const sandbox = await startSandbox({
    ...target,
    // The fleet's handler lies beside that of the check.
    asset: bundles.check.folder,
    variables: {
      ...target.variables,
      AWS_ENDPOINT_URL_S3: s3.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
    },
  })
  onTestFinished(() => sandbox.kill())
  const step = async (event: unknown): Promise<Invocation> => {
    const invocation = await invokeIn(sandbox, { event })
    expect(invocation.error).toBeUndefined()
    expect(invocation.left).toEqual([])
    return invocation
  }
  const listed = await step({ step: 'list', input: {}, execution: 'one', startedAt: '2026-11-22T09:00:00.000Z' })
  expect(listed.log.at(-1)).toMatchObject({ message: 'done', held: false, run: '20261122T090000Z', batches: 1 })
  const looked = await step({ step: 'look', run: '20261122T090000Z', batch: 0, from: 0 })
  expect(looked.log.at(-1)).toMatchObject({ message: 'done', from: 3, done: true })
  const told = await step({ step: 'tell', input: { run: '20261122T090000Z' } })
  expect(told.log.at(-1)).toMatchObject({ databases: 3, clean: 1, findings: 1, unknown: 1 })
  const last = s3.bucket.objects.get('fleet/shop/last.json')?.body.toString() ?? ''
  expect(last).toContain('public.hotfix_idx')
  expect(last).toContain('not one that the fleet may read')
  expect(secrets.asked).toEqual(['tenants/acme', 'tenants/bolt'])
  expect(looked.peakBytes).toBeLessThan(target.memoryMb * 2 ** 20)
  for (const { output } of [listed, looked, told]) expect(output).not.toContain(encodeURIComponent(TEST_PASSWORD))
  expect(role.refused).toEqual([])
  expect(role.unused().filter((each) => !ASKED_ELSEWHERE.some((known) => known.test(each)))).toEqual([])
}, 120_000)

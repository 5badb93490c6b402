// Who may publish migrations, and who may read what is published.
import { Template } from 'aws-cdk-lib/assertions'
import { Role } from 'aws-cdk-lib/aws-iam'
import { expect, onTestFinished, test } from 'vitest'
import { FUNCTION_JOBS } from '../../lib/config/function-variables.ts'
import { PUBLISH_BUCKET_ACCESS, publishAccess } from '../../lib/infra/publish-access.ts'
import { publishFolder } from '../../lib/ledger/published/publish-folder.ts'
import { UnpackedFolders } from '../../lib/ledger/published/unpacked-folders.ts'
import { baselineKey, publicationKey, publishedKey } from '../../lib/store/keys.ts'
import { migrationsFolder } from '../support/migrations-folder.ts'
import { testS3 } from '../support/s3.ts'
import { mayDo, mayDoWith } from '../support/store-permissions.ts'
import { stackOf } from '../support/synthesized-stack.ts'

const RECORD = publishedKey('shop')
const BASELINE = baselineKey('a'.repeat(64))
const FOLDER = publicationKey('shop', '20260102T030405Z-0123456789abcdef')

const jobsThatMay = (action: string, key: string) => FUNCTION_JOBS.filter((job) => mayDo(job, action, key))
const may = (action: string, key: string) => mayDoWith(publishAccess('shop'), action, key)

test('no function writes what is published; check reads it, and prune removes folders alone', () => {
  expect([jobsThatMay('s3:PutObject', FOLDER), jobsThatMay('s3:PutObject', RECORD)]).toEqual([[], []])
  expect([jobsThatMay('s3:GetObject', FOLDER), jobsThatMay('s3:GetObject', RECORD)]).toEqual([
    ['check'],
    ['check', 'prune'],
  ])
  expect([jobsThatMay('s3:DeleteObject', FOLDER), jobsThatMay('s3:DeleteObject', RECORD)]).toEqual([['prune'], []])
})

test('a pipeline may publish for its own project, and delete nothing', () => {
  expect([may('s3:PutObject', FOLDER), may('s3:GetObject', RECORD)]).toEqual([true, true])
  expect(may('s3:DeleteObject', FOLDER)).toBe(false)
  expect(may('s3:PutObject', publishedKey('other'))).toBe(false)
  expect(may('s3:PutObject', BASELINE)).toBe(false)
  expect(mayDoWith(publishAccess('shop', { baselines: true }), 's3:PutObject', BASELINE)).toBe(true)
  expect(may('s3:GetObject', 'archives/shop/production/20260102T030405Z-0a1b2c3d/archive.dump.zst')).toBe(false)
})

test('all that publishing asks of S3 is granted, the second time too', async () => {
  const { standIn, store } = await testS3({}, '')
  await using unpacked = new UnpackedFolders()
  for (const sql of ['SELECT 1', 'SELECT 1', 'SELECT 2']) {
    const path = await migrationsFolder([{ tag: '0000_one', sql }])
    await publishFolder({ store, project: 'shop', path, now: () => new Date(), unpacked })
  }
  const asked = new Set(standIn.calls.map(({ operation, key }) => `${operation} ${key}`))
  expect(asked.size).toBeGreaterThan(4)
  const refused = standIn.calls.filter(({ operation, key }) => {
    const onBucket = operation === 'ListObjectsV2' && PUBLISH_BUCKET_ACCESS.includes('s3:ListBucket')
    return !onBucket && !may(`s3:${operation.replace('Head', 'Get')}`, key)
  })
  expect(refused).toEqual([])
})

test('grantPublish gives that to a role, the key of the bucket with it, and nothing else', () => {
  const { stack, remove } = stackOf()
  onTestFinished(remove)
  stack.raingauge.grantPublish(Role.fromRoleName(stack, 'Pipeline', 'shop-pipeline'))
  const policies = Object.values(
    Template.fromStack(stack).findResources('AWS::IAM::Policy', { Properties: { Roles: ['shop-pipeline'] } }),
  )
  const statements = policies.flatMap(
    (policy) => (policy as { Properties: Policy }).Properties.PolicyDocument.Statement,
  )
  expect(
    statements.map(({ Action: actions, Resource: resource }) => [[actions].flat(), JSON.stringify(resource)]),
  ).toEqual([
    [['s3:ListBucket'], expect.stringContaining('"Arn"]')],
    [['s3:GetObject', 's3:PutObject'], expect.stringContaining('/migrations/shop/*')],
    [['kms:Decrypt', 'kms:GenerateDataKey'], expect.stringContaining('Key')],
  ])
})

type Policy = { PolicyDocument: { Statement: { Action: string | string[]; Resource: unknown }[] } }

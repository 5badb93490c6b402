// What is special to S3: lost answers, conflicts, cut and corrupt bodies, credentials.
import { S3Client } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { describeError } from '../../lib/error.ts'
import { s3Store } from '../../lib/store/s3-store.ts'
import type { Store } from '../../lib/store/store.ts'
import type { S3Fault } from '../support/s3-stand-in-faults.ts'
import { patienceFor, testS3 } from '../support/s3.ts'

const KEY = 'state/app/production.json'

async function bytes(store: Store, key: string, range?: { start: number; end: number }): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of store.read(key, range)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function keys(store: Store): Promise<string[]> {
  const found: string[] = []
  for await (const { key } of store.list('')) found.push(key)
  return found
}

test('two failures are survived, with the retries of the SDK', async () => {
  const { standIn, store } = await testS3({ retryStrategy: undefined })
  standIn.fail(2, { operation: 'PutObject', status: 503 })
  await store.put(KEY, 'x', 'absent')
  standIn.fail(1, { operation: 'GetObject', reset: true })
  expect((await store.get(KEY))?.body.toString()).toBe('x')
  expect(standIn.calls.map((call) => call.operation)).toEqual([
    'PutObject',
    'PutObject',
    'PutObject',
    'GetObject',
    'GetObject',
  ])
})

test.each<Omit<S3Fault, 'operation'>>([{ status: 503 }, { reset: true }, { hang: true }])(
  'a write that fails for good says so and is not there: %j',
  async (fault) => {
    const { standIn, store } = await testS3(patienceFor(fault))
    standIn.fail(3, { operation: 'PutObject', ...fault })
    await expect(store.put(KEY, 'x', 'absent')).rejects.toMatchObject({
      code: 'store.unavailable',
      message: expect.stringContaining('s3://test-bucket/raingauge/state/app/production.json'),
      remedy: expect.stringMatching(/\w/),
    })
    expect(await store.get(KEY)).toBeNull()
  },
)

test.each<Omit<S3Fault, 'operation'>>([{ status: 500 }, { reset: true }, { hang: true }])(
  'a write whose answer is lost knows that it was done: %j',
  async (fault) => {
    const { standIn, store } = await testS3(patienceFor(fault))
    standIn.fail(1, { operation: 'PutObject', afterCommit: true, ...fault })
    const { etag } = await store.put(KEY, 'one', 'absent')
    standIn.fail(1, { operation: 'PutObject', afterCommit: true, ...fault })
    const second = await store.put(KEY, 'two', { etag })
    expect(await store.get(KEY)).toEqual({ body: Buffer.from('two'), etag: second.etag })
  },
)

test('all answers lost, and still it knows', async () => {
  const { standIn, store } = await testS3()
  standIn.fail(3, { operation: 'PutObject', afterCommit: true, status: 500 })
  const { etag } = await store.put(KEY, 'one', 'absent')
  expect((await store.get(KEY))?.etag).toBe(etag)
})

test('the same bytes by somebody else are a conflict all the same', async () => {
  const { standIn, store } = await testS3()
  await store.put(KEY, 'same')
  standIn.fail(1, { operation: 'PutObject', status: 503 })
  await expect(store.put(KEY, 'same', 'absent')).rejects.toMatchObject({ code: 'store.conflict' })
})

test('a write that can neither be made nor be looked up says that it does not know', async () => {
  const { standIn, store } = await testS3()
  standIn.fail(3, { operation: 'PutObject', afterCommit: true, reset: true })
  standIn.fail(3, { operation: 'HeadObject', status: 500 })
  await expect(store.put(KEY, 'x', 'absent')).rejects.toMatchObject({
    code: 'store.unavailable',
    message: expect.stringContaining('whether it was written is not known'),
  })
})

test('a collision is tried again, and is a conflict when it stays one', async () => {
  const { standIn, store } = await testS3()
  const collision = { operation: 'PutObject', status: 409, code: 'ConditionalRequestConflict' } as const
  standIn.fail(1, collision)
  await store.put(KEY, 'x', 'absent')
  standIn.fail(4, collision)
  await expect(store.put(KEY, 'y')).rejects.toMatchObject({ code: 'store.conflict' })
  expect((await store.get(KEY))?.body.toString()).toBe('x')
})

test('bytes that change on their way are refused', async () => {
  const { standIn, store } = await testS3()
  standIn.fail(1, { operation: 'PutObject', corrupt: true })
  await expect(store.put(KEY, 'precious')).rejects.toMatchObject({ code: 'store.unavailable' })
  expect(await store.get(KEY)).toBeNull()
})

test('bytes that are not those that were written are not given as if they were', async () => {
  const { standIn, store } = await testS3()
  await store.put(KEY, 'precious')
  standIn.fail(1, { operation: 'GetObject', corrupt: true })
  expect((await store.get(KEY))?.body.toString()).toBe('precious')
  standIn.fail(20, { operation: 'GetObject', corrupt: true })
  await expect(store.get(KEY)).rejects.toMatchObject({ code: 'store.corrupt' })
  await expect(bytes(store, KEY)).rejects.toMatchObject({ code: 'store.corrupt' })
})

test('a flipped bit that has gone by is not forgotten when the rest is fetched again', async () => {
  const { standIn, store } = await testS3()
  await store.put(KEY, Buffer.alloc(3_000_000, 1))
  standIn.fail(1, { operation: 'GetObject', corrupt: true })
  await expect(bytes(store, KEY)).rejects.toMatchObject({ code: 'store.corrupt' })
})

test('a cut download is taken up where it broke', async () => {
  const { standIn, store } = await testS3()
  const body = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251))
  await store.put(KEY, body)
  standIn.fail(3, { operation: 'GetObject', cutBodyAt: 70_000 })
  expect((await bytes(store, KEY)).equals(body)).toBe(true)
  const ranges = standIn.calls.filter((call) => call.operation === 'GetObject').map((call) => call.range)
  expect(ranges[0]).toBeUndefined()
  expect(ranges[1]).toMatch(/^bytes=[1-9]\d*-299999$/)

  standIn.fail(2, { operation: 'GetObject', cutBodyAt: 1_000 })
  const range = { start: 100_000, end: 150_000 }
  expect((await bytes(store, KEY, range)).equals(body.subarray(range.start, range.end))).toBe(true)
  standIn.fail(1, { operation: 'GetObject', cutBodyAt: 5 })
  expect((await store.get(KEY))?.body.equals(body)).toBe(true)
})

test('a download that gets nowhere ends', async () => {
  const { standIn, store } = await testS3()
  await store.put(KEY, 'x'.repeat(1_000))
  standIn.fail(20, { operation: 'GetObject', cutBodyAt: 0 })
  await expect(bytes(store, KEY)).rejects.toMatchObject({ code: 'store.unavailable' })
})

test('a download never mixes two versions', async () => {
  const { standIn, store } = await testS3()
  await store.put(KEY, Buffer.alloc(300_000, 1))
  standIn.fail(1, { operation: 'GetObject', cutBodyAt: 70_000 })
  const reading = async (): Promise<void> => {
    for await (const chunk of store.read(KEY)) {
      expect(chunk[0]).toBe(1)
      await store.put(KEY, Buffer.alloc(300_000, 2))
    }
  }
  await expect(reading()).rejects.toMatchObject({ code: 'store.conflict' })
})

test.each([
  [{ status: 403, code: 'AccessDenied' }, 'grant it'],
  [{ status: 403, code: 'InvalidAccessKeyId' }, 'check the AWS credentials'],
  [{ status: 400, code: 'ExpiredToken' }, 'renew them'],
  [{ status: 301, code: 'PermanentRedirect' }, 'region'],
  [{ status: 404, code: 'NoSuchBucket' }, 'no such bucket'],
  [{ status: 503, code: 'SlowDown' }, 'try again later'],
])('a store that refuses is not an empty one: %j', async (fault, remedy) => {
  const { standIn, store } = await testS3()
  const refusal = { code: 'store.unavailable', remedy: expect.stringContaining(remedy) }
  standIn.fail(6, { operation: 'GetObject', ...fault })
  standIn.fail(3, { operation: 'ListObjectsV2', ...fault })
  standIn.fail(3, { operation: 'DeleteObject', ...fault })
  await expect(store.get(KEY)).rejects.toMatchObject(refusal)
  await expect(bytes(store, KEY)).rejects.toMatchObject(refusal)
  await expect(keys(store)).rejects.toMatchObject(refusal)
  await expect(store.delete(KEY)).rejects.toMatchObject(refusal)
})

test('a bucket that is not there, a host that is not there, credentials that are not there', async () => {
  const { standIn, client } = await testS3()
  const other = s3Store(client, { bucket: 'other', prefix: '' })
  await expect(other.get(KEY)).rejects.toMatchObject({ remedy: expect.stringContaining('no such bucket') })

  const nobody = new S3Client({
    region: 'us-east-1',
    endpoint: standIn.url,
    forcePathStyle: true,
    credentials: () => Promise.reject(Object.assign(new Error('none'), { name: 'CredentialsProviderError' })),
  })
  const location = { bucket: standIn.bucketName, prefix: '' }
  await expect(s3Store(nobody, location).put(KEY, 'x')).rejects.toMatchObject({
    code: 'store.unavailable',
    remedy: expect.stringContaining('no AWS credentials'),
  })

  await standIn.stop()
  await expect(s3Store(client, location).get(KEY)).rejects.toMatchObject({
    code: 'store.unavailable',
    remedy: expect.stringContaining('not reached'),
  })
})

test('a bucket without Object Lock keeps nothing, and says so', async () => {
  const { standIn, store } = await testS3()
  standIn.bucket.objectLock = false
  await store.put(KEY, 'x')
  const until = new Date(Date.now() + 3_600_000)
  await expect(store.retain(KEY, { mode: 'governance', until })).rejects.toMatchObject({
    code: 'store.unsupported',
    remedy: expect.stringContaining('Object Lock'),
  })
  expect(await store.retention(KEY)).toBeNull()
  await store.delete(KEY)
  expect(await store.get(KEY)).toBeNull()
})

test('a retention that cannot be read lets nothing be deleted', async () => {
  const { standIn, store } = await testS3()
  await store.put(KEY, 'x')
  standIn.fail(3, { operation: 'GetObjectRetention', status: 503 })
  await expect(store.delete(KEY)).rejects.toMatchObject({ code: 'store.unavailable' })
  expect((await store.get(KEY))?.body.toString()).toBe('x')
})

test('no error tells the secret key', async () => {
  const { standIn, store } = await testS3()
  standIn.fail(3, { operation: 'GetObject', status: 403, code: 'SignatureDoesNotMatch' })
  const failure: unknown = await store.get(KEY).catch((error: unknown) => error)
  expect(describeError(failure)).toContain('SignatureDoesNotMatch')
  expect(`${describeError(failure)} ${JSON.stringify(failure)}`).not.toContain('test-secret-key')
})

test('a list that breaks off after a page is not a short list', async () => {
  const { standIn, store } = await testS3()
  standIn.pageSize = 1
  await store.put('a', '1')
  await store.put('b', '2')
  const listing = async (): Promise<void> => {
    for await (const { key } of store.list('')) {
      expect(key).toBe('a')
      standIn.fail(3, { operation: 'ListObjectsV2', status: 500 })
    }
  }
  await expect(listing()).rejects.toMatchObject({ code: 'store.unavailable' })
})

test('what others keep in the bucket is not listed', async () => {
  const { standIn, store } = await testS3()
  const stranger = { body: Buffer.from(''), crc32: undefined }
  for (const key of ['raingauge/folder/', 'raingauge/ü', 'raingauge-2/a', 'other']) {
    standIn.bucket.put(key, stranger, {}, { ifNoneMatch: undefined, ifMatch: undefined })
  }
  await store.put('a', 'x')
  expect(await keys(store)).toEqual(['a'])
})

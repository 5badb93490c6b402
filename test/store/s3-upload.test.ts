// Uploads to S3: nothing visible before the commit, nothing left after an abort, whatever happens on the way.
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { MIB } from '../../lib/store/part-size.ts'
import { s3Store } from '../../lib/store/s3-store.ts'
import type { Upload } from '../../lib/store/store.ts'
import { sweepUnfinished } from '../../lib/store/sweep.ts'
import type { S3Fault } from '../support/s3-stand-in-faults.ts'
import type { S3StandIn } from '../support/s3-stand-in.ts'
import { IMPATIENT, patienceFor, testS3, type TestS3 } from '../support/s3.ts'

const KEY = 'archives/app/production/20260102T030405Z-0a1b2c3d/archive.dump.zst'
const BODY = randomBytes(9 * MIB)

const operations = (standIn: S3StandIn): string[] => standIn.calls.map((call) => call.operation)
const leftIn = (standIn: S3StandIn): string[] => [
  ...standIn.bucket.objects.keys(),
  ...[...standIn.bucket.uploads.values()].map(({ key }) => `unfinished ${key}`),
]

async function begun(length = BODY.length, fault: Pick<S3Fault, 'hang'> = {}): Promise<TestS3 & { upload: Upload }> {
  const s3 = await testS3(patienceFor(fault))
  const upload = await s3.store.upload(KEY)
  await upload.write(BODY.subarray(0, length))
  return { ...s3, upload }
}

test('the last part and the completion wait for the commit', async () => {
  const { standIn, upload } = await begun(8 * MIB)
  expect(operations(standIn)).toEqual([])
  await upload.write(BODY.subarray(8 * MIB))
  await upload.commit()
  expect(operations(standIn)).toEqual([
    'CreateMultipartUpload',
    'UploadPart',
    'UploadPart',
    // A look whether the place is free, for servers that ignore the condition, and a look at what came of it.
    'HeadObject',
    'CompleteMultipartUpload',
    'HeadObject',
  ])
  expect(
    standIn.calls
      .map((call) => call.bytes)
      .slice(1, 3)
      .toSorted((a, b) => a - b),
  ).toEqual([MIB, 8 * MIB])
})

test('what fits one part is one PutObject', async () => {
  const { standIn, upload } = await begun(100)
  await upload.commit()
  expect(operations(standIn)).toEqual(['PutObject'])
})

test('no more than two parts are on their way, and the writer waits for them', async () => {
  const { standIn, store } = await testS3(IMPATIENT)
  standIn.fail(2, { operation: 'UploadPart', hang: true })
  const upload = await store.upload(KEY)
  let taken = 0
  const writing = (async () => {
    for (; taken < 40; taken += 1) await upload.write(BODY.subarray(0, MIB))
  })()
  await expect.poll(() => standIn.calls.filter((call) => call.operation === 'UploadPart').length).toBe(2)
  expect(taken).toBeLessThanOrEqual(24)
  await writing
  expect(await upload.commit()).toEqual({ bytes: 40 * MIB })
  expect(standIn.mostAtOnce('UploadPart')).toBeLessThanOrEqual(2)
})

test.each<Omit<S3Fault, 'operation'>>([{ status: 503 }, { reset: true }, { hang: true }, { afterCommit: true }])(
  'a part that fails twice arrives: %j',
  async (fault) => {
    const { standIn, store } = await testS3(patienceFor(fault))
    standIn.fail(2, { operation: 'UploadPart', ...fault })
    const upload = await store.upload(KEY)
    await upload.write(BODY)
    await upload.commit()
    expect((await store.get(KEY))?.body.equals(BODY)).toBe(true)
    expect(standIn.bucket.uploads.size).toBe(0)
  },
)

test.each<S3Fault>([
  { operation: 'UploadPart', status: 503 },
  { operation: 'UploadPart', reset: true },
  { operation: 'UploadPart', hang: true },
  { operation: 'UploadPart', corrupt: true },
  { operation: 'UploadPart', status: 400, code: 'ExpiredToken' },
  { operation: 'CompleteMultipartUpload', status: 500 },
  { operation: 'CompleteMultipartUpload', errorBodyWith200: true },
  { operation: 'CompleteMultipartUpload', reset: true },
  { operation: 'CreateMultipartUpload', status: 403, code: 'AccessDenied' },
])('an upload that fails for good is an error, and its abort leaves nothing: %j', async (fault) => {
  const { standIn, store } = await testS3(patienceFor(fault))
  standIn.fail(6, fault)
  const upload = await store.upload(KEY)
  const uploading = async (): Promise<void> => {
    await upload.write(BODY)
    await upload.commit()
  }
  await expect(uploading()).rejects.toMatchObject({
    code: 'store.unavailable',
    message: expect.stringContaining(`s3://test-bucket/raingauge/${KEY}`),
  })
  await expect(upload.commit()).rejects.toMatchObject({ code: 'store.unavailable' })
  await upload.abort()
  expect(leftIn(standIn)).toEqual([])
})

test.each<Omit<S3Fault, 'operation'>>([{ status: 500 }, { errorBodyWith200: true }, { reset: true }, { hang: true }])(
  'a completion whose answer is lost is decided by a look: %j',
  async (fault) => {
    const { standIn, store, upload } = await begun(BODY.length, fault)
    standIn.fail(1, { operation: 'CompleteMultipartUpload', afterCommit: true, ...fault })
    expect(await upload.commit()).toEqual({ bytes: BODY.length })
    expect((await store.get(KEY))?.body.equals(BODY)).toBe(true)
  },
)

test('a completion that failed at first and was refused afterwards is a conflict, not a success', async () => {
  const { standIn, store, upload } = await begun()
  await store.put(KEY, 'somebody was quicker')
  standIn.fail(1, { operation: 'CompleteMultipartUpload', status: 500 })
  await expect(upload.commit()).rejects.toMatchObject({ code: 'store.conflict' })
  await upload.abort()
  expect((await store.get(KEY))?.body.toString()).toBe('somebody was quicker')
  expect(standIn.bucket.uploads.size).toBe(0)
})

test('a completion that collides is a conflict', async () => {
  const { standIn, upload } = await begun()
  standIn.fail(1, { operation: 'CompleteMultipartUpload', status: 409, code: 'ConditionalRequestConflict' })
  await expect(upload.commit()).rejects.toMatchObject({ code: 'store.conflict' })
  await upload.abort()
  expect(leftIn(standIn)).toEqual([])
})

test.each([100, BODY.length])('an abort takes back what was made visible unknowingly (%i bytes)', async (length) => {
  const { standIn, upload } = await begun(length)
  const operation = length === 100 ? 'PutObject' : 'CompleteMultipartUpload'
  standIn.fail(3, { operation, afterCommit: true, reset: true })
  standIn.fail(3, { operation: 'HeadObject', status: 500, after: length === 100 ? 0 : 1 })
  await expect(upload.commit()).rejects.toMatchObject({ code: 'store.unavailable' })
  expect(standIn.bucket.objects.size).toBe(1)
  await upload.abort()
  expect(leftIn(standIn)).toEqual([])
})

test('parts that changed on their way to the whole are refused', async () => {
  const { standIn, upload } = await begun()
  await expect.poll(() => [...standIn.bucket.uploads.values()][0]?.parts.size).toBe(1)
  for (const { parts } of standIn.bucket.uploads.values()) {
    const part = parts.get(1)
    if (part !== undefined) part.body[0] = (part.body[0] ?? 0) ^ 1
  }
  await expect(upload.commit()).rejects.toMatchObject({ code: 'store.unavailable' })
  await upload.abort()
  expect(leftIn(standIn)).toEqual([])
})

test('a whole that is not what was sent is refused, though S3 took it', async () => {
  const { standIn, upload } = await begun()
  const complete = standIn.bucket.complete.bind(standIn.bucket)
  standIn.bucket.complete = (...given) => Object.assign(complete(...given), { crc32: 'AAAAAA==' })
  await expect(upload.commit()).rejects.toMatchObject({
    code: 'store.corrupt',
    message: expect.stringContaining('its CRC32 is AAAAAA=='),
  })
  await upload.abort()
  expect(leftIn(standIn)).toEqual([])
})

test('an upload outlives a bad minute: each part, and the completion, is tried for longer than the SDK tries', async () => {
  const { standIn, client, location } = await testS3()
  const store = s3Store(client, location, { retries: 3, pauseMs: 1 })
  for (const operation of ['UploadPart', 'CompleteMultipartUpload'] as const) {
    standIn.fail(3 * 3, { operation, status: 503 })
  }
  const upload = await store.upload(KEY)
  await upload.write(BODY)
  expect(await upload.commit()).toEqual({ bytes: BODY.length })
  expect((await store.get(KEY))?.body.equals(BODY)).toBe(true)
})

test('nobody waits for what will not pass', async () => {
  const { standIn, client, location } = await testS3()
  const upload = await s3Store(client, location, { retries: 1, pauseMs: 3_600_000 }).upload(KEY)
  standIn.fail(1, { operation: 'UploadPart', status: 400, code: 'ExpiredToken' })
  await upload.write(BODY)
  await expect(upload.commit()).rejects.toMatchObject({ remedy: expect.stringContaining('renew them') })
  await upload.abort()
  expect(leftIn(standIn)).toEqual([])
})

test('an abort ends the waiting for a part', async () => {
  const { standIn, client, location } = await testS3()
  const upload = await s3Store(client, location, { retries: 1, pauseMs: 3_600_000 }).upload(KEY)
  standIn.fail(3, { operation: 'UploadPart', status: 503 })
  await upload.write(BODY)
  await expect.poll(() => operations(standIn).filter((each) => each === 'UploadPart').length).toBe(3)
  await upload.abort()
  expect(leftIn(standIn)).toEqual([])
})

test('an abort in the middle of parts leaves none of them', async () => {
  const { standIn, store } = await testS3()
  standIn.fail(2, { operation: 'UploadPart', hang: true })
  const upload = await store.upload(KEY)
  await upload.write(Buffer.alloc(17 * MIB))
  await upload.abort()
  expect(leftIn(standIn)).toEqual([])
})

test('an abort that fails says so, and can be tried again', async () => {
  const { standIn, upload } = await begun()
  standIn.fail(3, { operation: 'AbortMultipartUpload', status: 503 })
  await expect(upload.abort()).rejects.toMatchObject({
    code: 'store.unavailable',
    message: expect.stringContaining('parts may be left over'),
  })
  expect(standIn.bucket.uploads.size).toBe(1)
  await upload.abort()
  expect(leftIn(standIn)).toEqual([])
})

test('an abort that S3 acknowledges and does not do is not believed', async () => {
  const { standIn, upload } = await begun()
  standIn.fail(9, { operation: 'AbortMultipartUpload', status: 204 })
  await expect(upload.abort()).rejects.toMatchObject({ message: expect.stringContaining('keeps the upload open') })
})

test('the sweep finds what a killed process left, and spares what runs', async () => {
  const { standIn, store } = await begun()
  standIn.pageSize = 1
  const condemned = ['raingauge/a', 'raingauge/b', 'raingauge/b'].map((key) => standIn.bucket.begin(key, {}, undefined))
  for (const upload of condemned) upload.begunAt = new Date('2026-01-01T00:00:00Z')
  standIn.bucket.begin('elsewhere/a', {}, undefined).begunAt = new Date('2026-01-01T00:00:00Z')
  expect(await sweepUnfinished(store, '', new Date('2026-01-02T00:00:00Z'))).toEqual(['a', 'b', 'b'])
  const left = [...standIn.bucket.uploads.values()].map(({ key }) => key)
  expect(left.toSorted()).toEqual(['elsewhere/a', `raingauge/${KEY}`])
})

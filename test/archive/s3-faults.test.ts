// Whatever S3 does while an archive is written: no manifest without a good archive, no good archive lost, nothing left that the sweep does not find, one clear error.
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { listArchives } from '../../lib/archive/list-archives.ts'
import { sweepLeftovers } from '../../lib/archive/sweep-leftovers.ts'
import { verifyArchive } from '../../lib/archive/verify-archive.ts'
import { writeArchive } from '../../lib/archive/write-archive.ts'
import { describeError, RaingaugeError } from '../../lib/error.ts'
import { archiveId, archiveKey } from '../../lib/store/keys.ts'
import { MIB } from '../../lib/store/part-size.ts'
import type { Store } from '../../lib/store/store.ts'
import type { S3Fault, S3Operation } from '../support/s3-stand-in-faults.ts'
import type { S3StandIn } from '../support/s3-stand-in.ts'
import { testS3 } from '../support/s3.ts'
import { archiveRequest, dumpOf, ID, now } from './archive-fixture.ts'
import { encodeArchive, SAMPLE, tableData } from './encode-archive.ts'

const EARLIER = archiveId(new Date('2026-01-01T03:04:05Z'), Buffer.from([9, 9, 9, 9]))
const SMALL = encodeArchive()
/** Two parts, compressed as it may be. */
const LARGE = encodeArchive([
  ...SAMPLE.slice(0, 1),
  tableData(3502, 'noise', [randomBytes(9.5 * MIB).toString('base64')]),
])

/** For good: more often than anybody tries. */
const EVER = 99

type Harm = Omit<S3Fault, 'operation'>

const HARMS: [number, Harm][] = [
  [1, { status: 503 }],
  [EVER, { status: 503 }],
  [1, { status: 500, afterCommit: true }],
  [EVER, { status: 500, afterCommit: true }],
  [1, { reset: true }],
  [EVER, { reset: true, afterCommit: true }],
  [EVER, { errorBodyWith200: true }],
  [EVER, { status: 412, code: 'PreconditionFailed' }],
  [EVER, { status: 409, code: 'ConditionalRequestConflict' }],
  [EVER, { status: 400, code: 'ExpiredToken' }],
  [EVER, { status: 403, code: 'AccessDenied' }],
  [EVER, { corrupt: true }],
]

const cases = (operations: S3Operation[], harms = HARMS): [number, S3Fault][] =>
  operations.flatMap((operation) => harms.map(([times, harm]): [number, S3Fault] => [times, { operation, ...harm }]))

async function backUp(store: Store, bytes: Buffer, id = ID): Promise<void> {
  await writeArchive({ store, now }, archiveRequest(dumpOf(bytes, undefined, MIB), { id }))
}

/** Once all is well again: every archive is good, the one before is there, and the sweep leaves nothing else. */
async function mustBeSound(standIn: S3StandIn, store: Store, outcome: unknown): Promise<void> {
  standIn.heal()
  const records = await listArchives(store, 'app', 'production')
  expect(records.map(({ id }) => id)).toEqual(outcome === null ? [ID, EARLIER] : [EARLIER])
  for (const record of records) {
    if (record.kind !== 'archive') throw record.reason
    await verifyArchive(store, record, now, { identity: null })
  }
  await sweepLeftovers(store, 'app', 'production', new Date(Date.now() + 60_000))
  const left = [...standIn.bucket.objects.keys()].filter((key) => !records.some(({ id }) => key.includes(id)))
  expect([...left, ...standIn.bucket.uploads.values()]).toEqual([])
  if (outcome === null) return
  // One line for a person, and what to do.
  expect(outcome).toBeInstanceOf(RaingaugeError)
  expect(outcome).toMatchObject({ code: expect.stringMatching(/^store\./) })
  expect(describeError(outcome)).toMatch(/^[^\n]*s3:\/\/test-bucket\/[^\n]+$/)
}

/** Writes an archive while S3 fails, makes sure that all is sound afterwards, and says what came of it. */
async function attempt(bytes: Buffer, times: number, ...faults: S3Fault[]): Promise<'archive' | 'error'> {
  const { standIn, store } = await testS3()
  await backUp(store, SMALL, EARLIER)
  for (const fault of faults) standIn.fail(times, fault)
  const outcome = await backUp(store, bytes).then(
    () => null,
    (error: unknown) => error,
  )
  await mustBeSound(standIn, store, outcome)
  return outcome === null ? 'archive' : 'error'
}

/** One failure is survived; so is any number of lost answers, where a look shows that the work was done. */
function expected(times: number, { operation, afterCommit }: S3Fault): 'archive' | 'error' {
  const canLook = operation === 'PutObject' || operation === 'CompleteMultipartUpload'
  return times === 1 || (afterCommit === true && canLook) ? 'archive' : 'error'
}

const onTheWay = HARMS.filter(([, { status = 500 }]) => status !== 412 && status !== 409)
const withoutBody = onTheWay.filter(([, { corrupt = false, reset = false }]) => !corrupt && !reset)

test.each([
  ...cases(['CreateMultipartUpload'], withoutBody),
  ...cases(['UploadPart'], onTheWay),
  ...cases(['CompleteMultipartUpload']),
])('an archive in parts, %i times: %j', async (times, fault) => {
  expect(await attempt(LARGE, times, fault)).toBe(expected(times, fault))
})

// The archive, then its manifest, with the catalog between them.
test.each(
  [0, 2].flatMap((after) =>
    cases(['PutObject']).map(([times, fault]): [number, S3Fault] => [times, { ...fault, after }]),
  ),
)('a small archive, %i times: %j', async (times, fault) => {
  expect(await attempt(SMALL, times, fault)).toBe(expected(times, fault))
})

test.each<S3Operation>(['CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload', 'PutObject'])(
  'S3 is gone for good from the first %s on',
  async (first) => {
    const inOrder: S3Operation[] = ['CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload', 'PutObject']
    const rest: S3Operation[] = ['AbortMultipartUpload', 'ListParts', 'DeleteObject', 'GetObjectRetention']
    const gone = [...inOrder.slice(inOrder.indexOf(first)), ...rest]
    expect(await attempt(LARGE, EVER, ...gone.map((operation): S3Fault => ({ operation, reset: true })))).toBe('error')
  },
)

test('a backup that was killed in the middle of its parts is swept, not the one that runs', async () => {
  const { standIn, store } = await testS3()
  await backUp(store, SMALL, EARLIER)
  const killed = await store.upload(archiveKey('app', 'production', ID, 'archive.dump.zst'))
  await killed.write(LARGE.subarray(0, 9 * MIB))
  await expect.poll(() => [...standIn.bucket.uploads.values()].map(({ parts }) => parts.size)).toEqual([1])
  const swept = await sweepLeftovers(store, 'app', 'production', new Date(Date.now() - 3_600_000))
  expect(swept).toEqual({ uploads: 0, files: 0, bytes: 0 })
  for (const upload of standIn.bucket.uploads.values()) upload.begunAt = new Date(0)
  expect(await sweepLeftovers(store, 'app', 'production', new Date(Date.now() - 3_600_000))).toEqual({
    uploads: 1,
    files: 0,
    bytes: 0,
  })
  await mustBeSound(standIn, store, new RaingaugeError('store.unavailable', 's3://test-bucket/x'))
})

test('a backup that was killed before its manifest is swept; an archive is not, however old', async () => {
  const { standIn, store } = await testS3()
  await backUp(store, SMALL, EARLIER)
  await store.put(archiveKey('app', 'production', ID, 'archive.dump.zst'), 'whole, and yet nothing')
  const before = new Date(Date.now() + 60_000)
  expect(await sweepLeftovers(store, 'app', 'production', before)).toEqual({ uploads: 0, files: 1, bytes: 22 })
  expect((await listArchives(store, 'app', 'production')).map(({ id }) => id)).toEqual([EARLIER])
  expect([...standIn.bucket.objects.keys()].every((key) => key.includes(EARLIER))).toBe(true)
})

test('a leftover that is kept by a promise stays, and hinders nobody', async () => {
  const { store } = await testS3()
  const key = archiveKey('app', 'production', ID, 'archive.dump.zst')
  await store.put(key, 'kept')
  await store.retain(key, { mode: 'governance', until: new Date(Date.now() + 3_600_000) })
  const before = new Date(Date.now() + 60_000)
  expect(await sweepLeftovers(store, 'app', 'production', before)).toEqual({ uploads: 0, files: 0, bytes: 0 })
  expect(await store.get(key)).not.toBeNull()
})

// An S3 server that others wrote: the stand-in must be like it. Named by the environment; see .ci/radosgw.
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { randomUUID } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { s3ClientSettings } from '../../lib/store/s3-client-settings.ts'
import { s3Store } from '../../lib/store/s3-store.ts'
import type { Store } from '../../lib/store/store.ts'

/** Ceph knows no conditions on writes to a versioned bucket, and Object Lock needs one: each has a bucket of its own. */
const BUCKETS = { conditions: 'raingauge-conditions', objectLock: 'raingauge-object-lock' }

const {
  RAINGAUGE_TEST_S3_ENDPOINT: endpoint,
  RAINGAUGE_TEST_S3_ACCESS_KEY: accessKeyId = '',
  RAINGAUGE_TEST_S3_SECRET_KEY: secretAccessKey = '',
} = process.env

/** True where one is named. Says on stderr that none is, so that a green run without it is seen for what it is. */
export function hasS3Server(): boolean {
  if (endpoint !== undefined && endpoint !== '') return true
  process.stderr.write(
    '\n*** RAINGAUGE_TEST_S3_ENDPOINT is not set: the S3 stand-in was NOT held against a server that others wrote ***\n\n',
  )
  return false
}

/** A store of the test's own, in a bucket that is made if need be, and that can do at least this. */
export async function serverStore(able: keyof typeof BUCKETS = 'conditions'): Promise<Store> {
  const client = new S3Client({
    ...s3ClientSettings,
    region: 'us-east-1',
    endpoint: endpoint ?? '',
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  })
  onTestFinished(() => client.destroy())
  const bucket = BUCKETS[able]
  try {
    const ObjectLockEnabledForBucket = able === 'objectLock'
    await client.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket }))
  } catch (error) {
    const known = error instanceof Error && /^BucketAlready(OwnedByYou|Exists)$/.test(error.name)
    if (!known) throw error
  }
  return s3Store(client, { bucket, prefix: randomUUID() })
}

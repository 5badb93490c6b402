// Retention in a bucket: S3 Object Lock. docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
import { GetObjectRetentionCommand, PutObjectRetentionCommand, type S3Client } from '@aws-sdk/client-s3'
import { RaingaugeError } from '../error.ts'
import type { S3Place } from './put-s3-object.ts'
import { mustNotWeaken } from './retention.ts'
import { answered, s3Fault } from './s3-fault.ts'
import type { Retention } from './store.ts'

/** What a bucket without Object Lock says, and what a server says that has no such thing. */
const NO_OBJECT_LOCK = ['InvalidRequest', 'ObjectLockConfigurationNotFoundError', 'NotImplemented', 501]
/** What is said of an object that has no retention, in both spellings that are in use. */
const NO_RETENTION = ['NoSuchObjectLockConfiguration', 'ObjectLockConfigurationNotFoundError']

/** The retention of an object's newest version. Needs s3:GetObjectRetention. Throws `store.unavailable`. */
export async function readS3Retention(client: S3Client, place: S3Place): Promise<Retention | null> {
  try {
    const at = { Bucket: place.bucket, Key: place.key }
    const { Retention: found } = await client.send(new GetObjectRetentionCommand(at))
    if (found?.Mode === undefined || found.RetainUntilDate === undefined) return null
    return { mode: found.Mode === 'COMPLIANCE' ? 'compliance' : 'governance', until: found.RetainUntilDate }
  } catch (error) {
    if (answered(error, 'NoSuchKey', ...NO_RETENTION, ...NO_OBJECT_LOCK)) return null
    throw s3Fault(error, place.url, 'reading the retention of')
  }
}

/** Sets the retention of an object's newest version. Needs s3:PutObjectRetention. Throws as {@link Store.retain} says. */
export async function writeS3Retention(client: S3Client, place: S3Place, retention: Retention): Promise<void> {
  mustNotWeaken(place.url, await readS3Retention(client, place), retention, new Date())
  try {
    await client.send(
      new PutObjectRetentionCommand({
        Bucket: place.bucket,
        Key: place.key,
        Retention: {
          Mode: retention.mode === 'compliance' ? 'COMPLIANCE' : 'GOVERNANCE',
          RetainUntilDate: retention.until,
        },
      }),
    )
  } catch (error) {
    if (answered(error, 'NoSuchKey')) {
      throw new RaingaugeError('archive.not-found', `there is no ${place.url} to be kept`, { cause: error })
    }
    if (answered(error, ...NO_OBJECT_LOCK)) {
      throw new RaingaugeError('store.unsupported', `${place.url} cannot be kept: its bucket has no Object Lock`, {
        remedy: 'switch Object Lock on for the bucket (it needs versioning), or set no retention',
        cause: error,
      })
    }
    throw s3Fault(error, place.url, 'setting the retention of')
  }
}

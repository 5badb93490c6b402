import { AbortMultipartUploadCommand, ListPartsCommand, type S3Client } from '@aws-sdk/client-s3'
import { RaingaugeError } from '../error.ts'
import type { S3Place } from './put-s3-object.ts'
import { answered, s3Fault } from './s3-fault.ts'

const TRIES = 3

/**
 * Aborts a multipart upload and waits until S3 no longer knows it: a part that was still on its way may outlive the
 * first abort (docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html). Throws `store.unavailable` when
 * that cannot be confirmed.
 */
export async function abortMultipart(client: S3Client, place: S3Place, uploadId: string): Promise<void> {
  const upload = { Bucket: place.bucket, Key: place.key, UploadId: uploadId }
  try {
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (await isGone(client.send(new AbortMultipartUploadCommand(upload)))) return
      if (await isGone(client.send(new ListPartsCommand({ ...upload, MaxParts: 1 })))) return
    }
  } catch (error) {
    throw s3Fault(error, place.url, 'parts may be left over: aborting the upload to')
  }
  throw new RaingaugeError('store.unavailable', `${place.url}: S3 keeps the upload open after ${TRIES} aborts`, {
    remedy: 'give the bucket a lifecycle rule that aborts incomplete uploads: their parts cost money',
  })
}

async function isGone(call: Promise<unknown>): Promise<boolean> {
  try {
    await call
    return false
  } catch (error) {
    if (answered(error, 'NoSuchUpload', 404)) return true
    throw error
  }
}

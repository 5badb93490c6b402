import { ListMultipartUploadsCommand, type ListMultipartUploadsCommandOutput, type S3Client } from '@aws-sdk/client-s3'
import { abortMultipart } from './abort-multipart.ts'
import { s3Fault } from './s3-fault.ts'
import { s3Place, type S3Location } from './s3-store.ts'

/**
 * Aborts what killed processes left in a bucket under the store's prefix: multipart uploads begun before `before`.
 * Returns how many. Leave running uploads a margin of hours. Needs s3:ListBucketMultipartUploads. Throws `store.unavailable`.
 */
export async function sweepS3(client: S3Client, location: S3Location, before: Date): Promise<number> {
  let aborted = 0
  for await (const { key, uploadId, begunAt } of openUploads(client, location)) {
    if (begunAt >= before) continue
    await abortMultipart(client, { bucket: location.bucket, key, url: `s3://${location.bucket}/${key}` }, uploadId)
    aborted += 1
  }
  return aborted
}

async function* openUploads(
  client: S3Client,
  location: S3Location,
): AsyncGenerator<{ key: string; uploadId: string; begunAt: Date }> {
  const { bucket, key: prefix, url } = s3Place(location, '')
  let page: ListMultipartUploadsCommandOutput | undefined
  do {
    try {
      page = await client.send(
        new ListMultipartUploadsCommand({
          Bucket: bucket,
          Prefix: prefix,
          KeyMarker: page?.NextKeyMarker,
          UploadIdMarker: page?.NextUploadIdMarker,
        }),
      )
    } catch (error) {
      throw s3Fault(error, url, 'listing the unfinished uploads of')
    }
    for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
      if (Key !== undefined && UploadId !== undefined && Initiated !== undefined) {
        yield { key: Key, uploadId: UploadId, begunAt: Initiated }
      }
    }
  } while (page.IsTruncated === true)
}

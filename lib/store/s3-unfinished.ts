import { ListMultipartUploadsCommand, type ListMultipartUploadsCommandOutput, type S3Client } from '@aws-sdk/client-s3'
import { abortMultipart } from './abort-multipart.ts'
import type { S3Place } from './put-s3-object.ts'
import { s3Fault } from './s3-fault.ts'
import type { Unfinished } from './store.ts'

/**
 * The multipart uploads under a place that were neither completed nor aborted. S3 says when they were begun, by its own
 * clock. `home` is the length of what comes before the store's keys. Needs s3:ListBucketMultipartUploads.
 */
export async function* unfinishedUploads(client: S3Client, under: S3Place, home: number): AsyncGenerator<Unfinished> {
  const { bucket, key: prefix, url } = under
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
      if (Key === undefined || UploadId === undefined || Initiated === undefined) continue
      const place = { bucket, key: Key, url: `s3://${bucket}/${Key}` }
      yield { key: Key.slice(home), aliveAt: Initiated, discard: () => abortMultipart(client, place, UploadId) }
    }
  } while (page.IsTruncated === true)
}

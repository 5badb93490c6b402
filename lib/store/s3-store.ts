import { DeleteObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3'
import { randomUUID } from 'node:crypto'
import { checkKey, checkPrefix, checkRange, isKey } from './object-key.ts'
import type { Patience } from './patience.ts'
import { putS3Object, type S3Place } from './put-s3-object.ts'
import { getS3Object, readS3Object } from './read-s3-object.ts'
import { mustHaveEnded } from './retention.ts'
import { s3Fault } from './s3-fault.ts'
import { readS3Retention, writeS3Retention } from './s3-retention.ts'
import { unfinishedUploads } from './s3-unfinished.ts'
import { openS3Upload } from './s3-upload.ts'
import type { Store, StoredObject, Unfinished } from './store.ts'

export type S3Location = { bucket: string; prefix: string }

/**
 * A store in a bucket, under a prefix, over the given client, whose retries and time limits are those of
 * {@link s3ClientSettings}. Needs s3:GetObject, PutObject, ListBucket, AbortMultipartUpload, ListMultipartUploadParts and
 * ListBucketMultipartUploads; to delete, DeleteObject and GetObjectRetention; to retain, PutObjectRetention. Throws `store.unavailable` where S3 cannot be reached, refuses, or fails for good.
 */
export function s3Store(client: S3Client, location: S3Location, patience?: Patience): Store {
  const placeOf = (key: string): S3Place => {
    checkKey(key)
    return s3Place(location, key)
  }
  return {
    locate: (key) => placeOf(key).url,
    get: async (key) => await getS3Object(client, placeOf(key)),
    put: async (key, body, condition) =>
      await putS3Object(client, placeOf(key), Buffer.from(body), condition, randomUUID()),
    upload: async (key, expectedBytes = 0) =>
      openS3Upload(client, placeOf(key), { expectedBytes, ...(patience === undefined ? {} : { patience }) }),
    read: (key, range) => read(client, placeOf, key, range),
    list: (prefix) => list(client, location, prefix),
    delete: async (key) => await remove(client, placeOf(key)),
    retain: async (key, retention) => await writeS3Retention(client, placeOf(key), retention),
    retention: async (key) => await readS3Retention(client, placeOf(key)),
    unfinished: (prefix) => unfinished(client, location, prefix),
  }
}

/** The place of a key; an empty one is the place of the store itself. */
export function s3Place({ bucket, prefix }: S3Location, key: string): S3Place {
  const folder = prefix.replaceAll(/^\/+|\/+$/g, '')
  const full = folder === '' ? key : `${folder}/${key}`
  return { bucket, key: full, url: `s3://${bucket}/${full}` }
}

async function* read(
  client: S3Client,
  placeOf: (key: string) => S3Place,
  key: string,
  range: { start: number; end: number } | undefined,
): AsyncGenerator<Uint8Array> {
  const place = placeOf(key)
  checkRange(range)
  if (range !== undefined && range.start === range.end) return
  yield* readS3Object(client, place, range)
}

async function* list(client: S3Client, location: S3Location, prefix: string): AsyncGenerator<StoredObject> {
  checkPrefix(prefix)
  const { bucket, key: wanted, url } = s3Place(location, prefix)
  const { key: home } = s3Place(location, '')
  try {
    for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: wanted })) {
      for (const { Key, Size, LastModified } of page.Contents ?? []) {
        const key = Key?.slice(home.length) ?? ''
        // Folder markers of consoles and the like are not ours.
        if (isKey(key)) yield { key, bytes: Size ?? 0, modifiedAt: LastModified ?? new Date(0) }
      }
    }
  } catch (error) {
    throw s3Fault(error, url, 'listing')
  }
}

async function* unfinished(client: S3Client, location: S3Location, prefix: string): AsyncGenerator<Unfinished> {
  checkPrefix(prefix)
  yield* unfinishedUploads(client, s3Place(location, prefix), s3Place(location, '').key.length)
}

/** In a versioned bucket this only hides the object; what is kept is not even hidden. */
async function remove(client: S3Client, place: S3Place): Promise<void> {
  mustHaveEnded(place.url, await readS3Retention(client, place), new Date())
  try {
    await client.send(new DeleteObjectCommand({ Bucket: place.bucket, Key: place.key }))
  } catch (error) {
    throw s3Fault(error, place.url, 'deleting')
  }
}

import { PutObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { setTimeout as sleep } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { RaingaugeError } from '../error.ts'
import { answered, mayHaveArrived, s3Fault } from './s3-fault.ts'
import type { Condition } from './store.ts'

/** One object of a bucket; `url` is for people. */
export type S3Place = { bucket: string; key: string; url: string }

/** Metadata that tells one write from every other: by it a write whose answer was lost finds out whether it was done. */
export const WRITE_ID = 'raingauge-write'

const CONFLICT_TRIES = 4
const CONFLICT_PAUSE_MS = 100

/**
 * PutObject, with a condition. `writeId` is unique to this write. Throws `store.conflict`, `store.unavailable`.
 * Conditions: docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html.
 */
export async function putS3Object(
  client: S3Client,
  place: S3Place,
  body: Uint8Array,
  condition: Condition,
  writeId: string,
): Promise<{ etag: string }> {
  const command = new PutObjectCommand({
    Bucket: place.bucket,
    Key: place.key,
    Body: body,
    ContentLength: body.length,
    ChecksumCRC32: checksum(crc32(body)),
    Metadata: { [WRITE_ID]: writeId },
    ...(condition === 'absent' ? { IfNoneMatch: '*' } : {}),
    ...(typeof condition === 'object' ? { IfMatch: condition.etag } : {}),
  })
  for (let tries = 1; ; tries += 1) {
    try {
      const { ETag } = await client.send(command)
      return { etag: bareEtag(ETag) }
    } catch (error) {
      if (mayHaveArrived(error)) {
        const ours = await findWrite(client, place, writeId, error)
        if (ours !== null) return ours
      }
      // 409: somebody writes the same key at this moment. The next try gets it, or a plain 412.
      if (answered(error, 'ConditionalRequestConflict') && tries < CONFLICT_TRIES) {
        await sleep(CONFLICT_PAUSE_MS * (tries + Math.random()))
        continue
      }
      // What should be replaced is gone: to whoever read it, that is a change like any other.
      if (typeof condition === 'object' && answered(error, 'NoSuchKey')) {
        throw new RaingaugeError('store.conflict', `${place.url} was not written: it is gone`, { cause: error })
      }
      throw s3Fault(error, place.url, condition === undefined ? 'writing' : 'writing on a condition')
    }
  }
}

/**
 * The object that this very write made, or null where another or none is there. `because` is the error that raised the
 * question: the answer to it, `store.unavailable`, if the question fails too.
 */
export async function findWrite(
  client: S3Client,
  place: S3Place,
  writeId: string,
  because: unknown,
): Promise<{ etag: string } | null> {
  try {
    const head = await client.send(new HeadObjectCommand({ Bucket: place.bucket, Key: place.key }))
    return head.Metadata?.[WRITE_ID] === writeId ? { etag: bareEtag(head.ETag) } : null
  } catch (error) {
    if (answered(error, 404)) return null
    const fault = s3Fault(because, place.url, 'writing')
    throw new RaingaugeError('store.unavailable', `${fault.message}; whether it was written is not known`, {
      remedy: fault.remedy ?? 'look at what is there before it is written again',
      cause: new AggregateError([because, error]),
    })
  }
}

/** Without its quotes: S3 takes it either way in If-Match, some of its likes only bare. */
export function bareEtag(etag: string | undefined): string {
  return (etag ?? '').replaceAll('"', '')
}

/** A CRC32 as S3 writes it: its four bytes, the highest first, in base64. */
export function checksum(crc: number): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc)
  return bytes.toString('base64')
}

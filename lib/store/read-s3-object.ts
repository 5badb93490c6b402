import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { RaingaugeError } from '../error.ts'
import { bareEtag, checksum, type S3Place } from './put-s3-object.ts'
import { answered, s3Fault } from './s3-fault.ts'

const TRIES_WITHOUT_PROGRESS = 4
const PAUSE_MS = 200

/** A small object, whole; null where there is none. Throws `store.unavailable`, `store.corrupt`. */
export async function getS3Object(client: S3Client, place: S3Place): Promise<{ body: Buffer; etag: string } | null> {
  const chunks: Uint8Array[] = []
  let etag = ''
  const noteEtag = (first: string): void => {
    etag = first
  }
  for await (const chunk of follow(client, place, undefined, noteEtag, () => null)) {
    if (chunk === null) return null
    chunks.push(chunk)
  }
  return { body: Buffer.concat(chunks), etag }
}

/**
 * The bytes of an object or of `[start, end)` of it, as far as there are any. A connection that breaks is taken up
 * again where it broke, for as long as it gets on. Throws `archive.not-found`, `store.unavailable`, `store.corrupt`
 * (S3's own checksum says so), and `store.conflict` when the object is replaced meanwhile.
 */
export async function* readS3Object(
  client: S3Client,
  place: S3Place,
  range: { start: number; end: number } | undefined,
): AsyncGenerator<Uint8Array> {
  yield* follow(
    client,
    place,
    range,
    () => {},
    (error): never => {
      throw new RaingaugeError('archive.not-found', `there is no ${place.url}`, {
        remedy: '`raingauge archives` lists what there is',
        cause: error,
      })
    },
  )
}

async function* follow<Absent>(
  client: S3Client,
  place: S3Place,
  range: { start: number; end: number } | undefined,
  noteEtag: (etag: string) => void,
  absent: (error: unknown) => Absent,
): AsyncGenerator<Uint8Array | Absent> {
  let offset = range?.start ?? 0
  let end: number | undefined = range?.end
  let etag: string | undefined
  let expected: string | undefined
  let crc = 0
  for (let fruitless = 0; ;) {
    let answer: GetObjectCommandOutput
    try {
      answer = await client.send(
        new GetObjectCommand({
          Bucket: place.bucket,
          Key: place.key,
          Range: rangeHeader(offset, end),
          IfMatch: etag,
        }),
      )
      mustBeginAt(answer, offset)
    } catch (error) {
      if (answered(error, 'NoSuchKey')) {
        yield absent(error)
        return
      }
      // The range begins where the object has already ended.
      if (answered(error, 416) && etag === undefined) return
      throw s3Fault(error, place.url, answered(error, 412) ? 'it was replaced while reading' : 'reading')
    }
    if (etag === undefined) {
      etag = bareEtag(answer.ETag)
      end = offset + (answer.ContentLength ?? 0)
      if (range === undefined && answer.ChecksumType !== 'COMPOSITE') expected = answer.ChecksumCRC32
      noteEtag(etag)
    }
    const before = offset
    try {
      for await (const chunk of answer.Body as Readable as AsyncIterable<Uint8Array>) {
        offset += chunk.length
        // The SDK compares too, but forgets when a broken answer is taken up again.
        if (expected !== undefined) crc = crc32(chunk, crc)
        yield chunk
      }
      if (offset !== end) throw new Error(`the answer ended at byte ${offset} of ${end}`)
    } catch (error) {
      // All bytes came, and still the SDK complains: its own comparison failed.
      if (offset === end) throw corrupt(place, error)
      fruitless = offset === before ? fruitless + 1 : 0
      if (fruitless === TRIES_WITHOUT_PROGRESS) throw s3Fault(error, place.url, 'reading')
      await sleep(PAUSE_MS * fruitless)
      continue
    }
    if (expected !== undefined && expected !== checksum(crc)) throw corrupt(place, undefined)
    return
  }
}

function rangeHeader(offset: number, end: number | undefined): string | undefined {
  if (offset === 0 && end === undefined) return undefined
  return `bytes=${offset}-${end === undefined ? '' : end - 1}`
}

/** Some proxies drop the Range header, and would give other bytes than were asked for. */
function mustBeginAt(answer: GetObjectCommandOutput, offset: number): void {
  if (offset === 0 || answer.ContentRange?.startsWith(`bytes ${offset}-`) === true) return
  ;(answer.Body as Readable | undefined)?.destroy()
  throw new Error('the answer does not begin at the byte that was asked for')
}

function corrupt(place: S3Place, cause: unknown): RaingaugeError {
  return new RaingaugeError('store.corrupt', `${place.url} is not what was written: its checksum does not match`, {
    remedy: 'distrust this object: look for an older version of it in the bucket',
    cause,
  })
}

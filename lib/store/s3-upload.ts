import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  UploadPartCommand,
  type CompletedPart,
  type S3Client,
} from '@aws-sdk/client-s3'
import { randomUUID } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { RaingaugeError } from '../error.ts'
import { abortMultipart } from './abort-multipart.ts'
import { completeMultipart } from './complete-multipart.ts'
import { MOST_PARTS, partBytes } from './part-size.ts'
import { PATIENCE, patiently, type Patience } from './patience.ts'
import { checksum, findWrite, putS3Object, WRITE_ID, type S3Place } from './put-s3-object.ts'
import { s3Fault } from './s3-fault.ts'
import type { Upload } from './store.ts'

const PARTS_IN_FLIGHT = 2

export type S3UploadOptions = {
  /** About how long it will be; 0: nobody knows. */
  expectedBytes?: number
  patience?: Patience
}

/**
 * An upload of unknown length in parts of {@link partBytes}: never more than three of them in memory. The last part and
 * the completion wait for `commit`; what fits one part becomes a single PutObject. S3 checks a CRC32 of each part and
 * one of the whole. `commit` throws `store.conflict` where the object exists, `store.corrupt` where S3 holds something
 * else than was sent; every other failure is `store.unavailable`, and `abort`, which waits until S3 confirms that nothing is left, throws that when it does not.
 */
export function openS3Upload(client: S3Client, place: S3Place, options: S3UploadOptions = {}): Upload {
  const { expectedBytes = 0, patience = PATIENCE } = options
  const at = { Bucket: place.bucket, Key: place.key }
  const writeId = randomUUID()
  const cutOff = new AbortController()
  const inFlight = new Set<Promise<void>>()
  const parts: CompletedPart[] = []
  const spare: Buffer[] = []
  let state: 'open' | 'committing' | 'committed' | 'aborting' | 'aborted' = 'open'
  let failure: unknown
  let created: Promise<string> | undefined
  let wholeCrc = 0
  let bytes = 0
  let number = 1
  let buffer: Buffer = Buffer.allocUnsafeSlow(partBytes(number, expectedBytes))
  let filled = 0

  const mustBe = (wanted: 'open' | 'committing'): void => {
    const aborted = state === 'aborting' || state === 'aborted'
    if (failure !== undefined && !aborted) throw s3Fault(failure, place.url, 'uploading')
    if (state !== wanted) throw new RaingaugeError('usage', `the upload to ${place.url} is over`)
  }

  const create = async (): Promise<string> => {
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({
        ...at,
        ChecksumAlgorithm: 'CRC32',
        ChecksumType: 'FULL_OBJECT',
        Metadata: { [WRITE_ID]: writeId },
      }),
    )
    if (UploadId === undefined) throw new Error('S3 began an upload and did not name it')
    return UploadId
  }

  const sendPart = async (UploadId: string, PartNumber: number, Body: Buffer): Promise<void> => {
    const command = new UploadPartCommand({
      ...at,
      UploadId,
      PartNumber,
      Body,
      ContentLength: Body.length,
      ChecksumCRC32: checksum(crc32(Body)),
    })
    const { signal } = cutOff
    const { ETag } = await patiently(() => client.send(command, { abortSignal: signal }), patience, signal)
    parts.push({ PartNumber, ETag })
  }

  /** Sends what is in the buffer as the next part, as soon as there is room in flight; does not wait for it to arrive. */
  const ship = async (during: 'open' | 'committing'): Promise<void> => {
    while (inFlight.size >= PARTS_IN_FLIGHT) await Promise.race(inFlight)
    created ??= create()
    const uploadId = await created.catch((error: unknown) => {
      failure ??= error
      return ''
    })
    mustBe(during)
    const full = buffer
    const body = full.subarray(0, filled)
    wholeCrc = crc32(body, wholeCrc)
    const sending: Promise<void> = sendPart(uploadId, number, body)
      .then(() => {
        spare.push(full)
        return undefined
      })
      .catch((error: unknown) => {
        failure ??= error
      })
      .finally(() => inFlight.delete(sending))
    inFlight.add(sending)
    number += 1
    filled = 0
    buffer = nextBuffer(spare, partBytes(number, expectedBytes))
  }

  return {
    async write(chunk) {
      mustBe('open')
      for (let taken = 0; taken < chunk.length;) {
        if (filled === buffer.length) await ship('open')
        const piece = chunk.subarray(taken, taken + buffer.length - filled)
        buffer.set(piece, filled)
        filled += piece.length
        taken += piece.length
      }
      bytes += chunk.length
      if (number > MOST_PARTS) failure ??= tooLarge(place)
      mustBe('open')
    },

    async commit() {
      mustBe('open')
      state = 'committing'
      try {
        if (created === undefined) {
          await putS3Object(client, place, buffer.subarray(0, filled), 'absent', writeId)
        } else {
          await ship('committing')
          await Promise.all(inFlight)
          mustBe('committing')
          const whole = { uploadId: await created, writeId, parts, bytes, crc32: checksum(wholeCrc) }
          await completeMultipart(client, place, whole, patience)
        }
      } catch (error) {
        failure ??= error
        throw s3Fault(error, place.url, 'completing the upload to')
      }
      state = 'committed'
      return { bytes }
    },

    async abort() {
      if (state === 'committed' || state === 'aborted') return
      const mayBeVisible = state === 'committing'
      state = 'aborting'
      cutOff.abort()
      await Promise.allSettled(inFlight)
      const uploadId = await created?.catch(() => undefined)
      if (uploadId !== undefined) await abortMultipart(client, place, uploadId)
      try {
        if (mayBeVisible && (await findWrite(client, place, writeId, failure)) !== null) {
          await client.send(new DeleteObjectCommand(at))
        }
      } catch (error) {
        throw s3Fault(error, place.url, 'taking back the upload to')
      }
      state = 'aborted'
    },
  }
}

function tooLarge(place: S3Place): RaingaugeError {
  return new RaingaugeError('store.unwritable', `${place.url} is larger than its ${MOST_PARTS} parts hold`, {
    remedy: 'back up in several databases, or to a directory',
  })
}

/** A buffer of that size, one that has done its work if there is one: memory does not depend on the collector's mood. */
function nextBuffer(spare: Buffer[], size: number): Buffer {
  const used = spare.pop()
  if (used?.length === size) return used
  spare.length = 0
  return Buffer.allocUnsafeSlow(size)
}

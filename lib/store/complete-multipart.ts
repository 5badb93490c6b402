// The end of a multipart upload: the object becomes visible, and is what was sent, or it is an error.
import {
  CompleteMultipartUploadCommand,
  HeadObjectCommand,
  type CompletedPart,
  type HeadObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3'
import { RaingaugeError } from '../error.ts'
import { patiently, type Patience } from './patience.ts'
import { findWrite, WRITE_ID, type S3Place } from './put-s3-object.ts'
import { answered, mayHaveArrived, s3Fault } from './s3-fault.ts'

export type Whole = {
  uploadId: string
  writeId: string
  parts: readonly CompletedPart[]
  bytes: number
  /** CRC32 of all bytes, in base64. */
  crc32: string
}

/**
 * Completes the upload and looks at what came of it. S3 itself compares CRC32 and size; servers that ignore these, or the
 * condition, are found out by asking before and after. Throws `store.conflict` where the object exists, `store.corrupt`
 * where it is not what was sent, and what the SDK throws.
 */
export async function completeMultipart(
  client: S3Client,
  place: S3Place,
  whole: Whole,
  patience: Patience,
): Promise<void> {
  const at = { Bucket: place.bucket, Key: place.key }
  await mustBeAbsent(client, place)
  const { uploadId, writeId, parts, bytes, crc32 } = whole
  const command = new CompleteMultipartUploadCommand({
    ...at,
    UploadId: uploadId,
    MultipartUpload: { Parts: parts.toSorted((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0)) },
    ChecksumCRC32: crc32,
    ChecksumType: 'FULL_OBJECT',
    MpuObjectSize: bytes,
    IfNoneMatch: '*',
  })
  await patiently(async () => {
    try {
      await client.send(command)
    } catch (error) {
      const done = mayHaveArrived(error) ? await findWrite(client, place, writeId, error) : null
      if (done === null) throw error
    }
  }, patience)
  mustBeWhole(place, await client.send(new HeadObjectCommand({ ...at, ChecksumMode: 'ENABLED' })), whole)
}

/** Some servers know no condition on a completion. Two writers of one key at the same moment are kept apart by a lease. */
async function mustBeAbsent(client: S3Client, place: S3Place): Promise<void> {
  try {
    await client.send(new HeadObjectCommand({ Bucket: place.bucket, Key: place.key }))
  } catch (error) {
    if (answered(error, 404)) return
    throw s3Fault(error, place.url, 'completing the upload to')
  }
  throw new RaingaugeError('store.conflict', `${place.url} exists already, and an upload replaces nothing`)
}

/** What the store says it has now, against what was sent. A server that names no CRC32 of the whole is judged by the size. */
function mustBeWhole(place: S3Place, head: HeadObjectCommandOutput, { writeId, bytes, crc32 }: Whole): void {
  const differs = (what: string, theirs: unknown, ours: unknown): RaingaugeError =>
    new RaingaugeError(
      'store.corrupt',
      `${place.url} is not what was sent: ${what} ${String(theirs)}, not ${String(ours)}`,
      {
        remedy: 'distrust this store: nothing was published',
      },
    )
  if (head.Metadata?.[WRITE_ID] !== writeId) throw differs('it is write', head.Metadata?.[WRITE_ID], writeId)
  if (head.ContentLength !== bytes) throw differs('it has bytes', head.ContentLength, bytes)
  const theirs = head.ChecksumType === 'COMPOSITE' ? undefined : head.ChecksumCRC32
  if (theirs !== undefined && theirs !== crc32) throw differs('its CRC32 is', theirs, crc32)
}

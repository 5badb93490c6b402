// One bucket in memory, with the rules of S3: conditions, parts, checksums, etags. docs.aws.amazon.com/AmazonS3/latest/API/
import { randomBytes } from 'node:crypto'
import { crc32Text, hash, S3Refusal, type CheckedBody } from './s3-stand-in-body.ts'

export type S3Object = {
  body: Buffer
  etag: string
  metadata: Record<string, string>
  crc32: string | undefined
  modifiedAt: Date
  retention?: S3Retention
}

export type S3Conditions = { ifNoneMatch: string | undefined; ifMatch: string | undefined }

export type S3Retention = { mode: 'GOVERNANCE' | 'COMPLIANCE'; until: Date }

type Part = { body: Buffer; etag: string }

export type S3OpenUpload = {
  id: string
  key: string
  metadata: Record<string, string>
  checksumType: string | undefined
  begunAt: Date
  parts: Map<number, Part>
}

export type S3Completion = {
  parts: { number: number; etag: string }[]
  crc32: string | undefined
  size: string | undefined
  conditions: S3Conditions
}

const SMALLEST_PART_BYTES = 5 << 20

export class S3Bucket {
  readonly objects = new Map<string, S3Object>()
  readonly uploads = new Map<string, S3OpenUpload>()
  /** Versions that were deleted or written over, the oldest first: with Object Lock, a bucket is versioned. */
  readonly older: { key: string; object: S3Object }[] = []
  objectLock = true

  object(key: string): S3Object {
    const found = this.objects.get(key)
    if (found === undefined) throw new S3Refusal(404, 'NoSuchKey', 'The specified key does not exist.')
    return found
  }

  /** What a delete without a version does: nothing is lost, and nothing is found. */
  hide(key: string): void {
    const object = this.objects.get(key)
    if (object !== undefined) this.older.push({ key, object })
    this.objects.delete(key)
  }

  retention(key: string): S3Retention {
    this.mustLock()
    const { retention } = this.object(key)
    if (retention !== undefined) return retention
    throw new S3Refusal(404, 'NoSuchObjectLockConfiguration', 'The specified object does not have a lock')
  }

  retain(key: string, next: S3Retention): void {
    this.mustLock()
    const object = this.object(key)
    if (next.until <= new Date()) throw new S3Refusal(400, 'InvalidArgument', 'The date must be in the future!')
    const { retention: before } = object
    const runs = before !== undefined && before.until > new Date()
    if (runs && (before.mode !== next.mode || next.until < before.until)) throw new S3Refusal(403, 'AccessDenied')
    object.retention = next
  }

  put(key: string, { body, crc32 }: CheckedBody, metadata: Record<string, string>, conditions: S3Conditions): S3Object {
    this.checkConditions(key, conditions)
    const object = { body, etag: hash('md5', body, 'hex'), metadata, crc32, modifiedAt: new Date() }
    this.hide(key)
    this.objects.set(key, object)
    return object
  }

  begin(key: string, metadata: Record<string, string>, checksumType: string | undefined): S3OpenUpload {
    const id = randomBytes(12).toString('hex')
    const upload = { id, key, metadata, checksumType, begunAt: new Date(), parts: new Map<number, Part>() }
    this.uploads.set(id, upload)
    return upload
  }

  upload(id: string, key: string): S3OpenUpload {
    const found = this.uploads.get(id)
    if (found?.key !== key) throw new S3Refusal(404, 'NoSuchUpload', 'The specified upload does not exist.')
    return found
  }

  putPart(id: string, key: string, number: number, body: Buffer): Part {
    if (!(number >= 1 && number <= 10_000)) throw new S3Refusal(400, 'InvalidArgument', 'Part number out of range')
    const part = { body, etag: hash('md5', body, 'hex') }
    this.upload(id, key).parts.set(number, part)
    return part
  }

  complete(id: string, key: string, { parts, crc32, size, conditions }: S3Completion): S3Object {
    const upload = this.upload(id, key)
    if (parts.length === 0) throw new S3Refusal(400, 'MalformedXML')
    if (parts.some(({ number }, index) => number <= (parts[index - 1]?.number ?? 0))) {
      throw new S3Refusal(400, 'InvalidPartOrder')
    }
    const bodies = parts.map(({ number, etag }, index) => {
      const part = upload.parts.get(number)
      if (part === undefined || part.etag !== bare(etag)) throw new S3Refusal(400, 'InvalidPart')
      if (index < parts.length - 1 && part.body.length < SMALLEST_PART_BYTES) throw new S3Refusal(400, 'EntityTooSmall')
      return part
    })
    const body = Buffer.concat(bodies.map((part) => part.body))
    if (size !== undefined && Number(size) !== body.length) throw new S3Refusal(400, 'InvalidRequest', 'other size')
    const whole = upload.checksumType === 'FULL_OBJECT' ? crc32Text(body) : undefined
    if (whole !== undefined && crc32 !== undefined && crc32 !== whole) {
      throw new S3Refusal(400, 'BadDigest', 'the full object checksum did not match')
    }
    this.checkConditions(key, conditions)
    const digests = Buffer.concat(bodies.map((part) => Buffer.from(part.etag, 'hex')))
    const object = {
      body,
      etag: `${hash('md5', digests, 'hex')}-${bodies.length}`,
      metadata: upload.metadata,
      crc32: whole,
      modifiedAt: new Date(),
    }
    this.hide(key)
    this.objects.set(key, object)
    this.uploads.delete(id)
    return object
  }

  abort(id: string, key: string): void {
    this.uploads.delete(this.upload(id, key).id)
  }

  private mustLock(): void {
    if (!this.objectLock) throw new S3Refusal(400, 'InvalidRequest', 'Bucket is missing Object Lock Configuration')
  }

  private checkConditions(key: string, { ifNoneMatch, ifMatch }: S3Conditions): void {
    const there = this.objects.get(key)
    const failed = new S3Refusal(412, 'PreconditionFailed', 'At least one of the pre-conditions did not hold')
    if (ifNoneMatch !== undefined && ifNoneMatch !== '*') throw new S3Refusal(501, 'NotImplemented')
    if (ifNoneMatch === '*' && there !== undefined) throw failed
    if (ifMatch !== undefined && there === undefined) throw new S3Refusal(404, 'NoSuchKey')
    if (ifMatch !== undefined && bare(ifMatch) !== there?.etag) throw failed
  }
}

export function bare(etag: string): string {
  return etag.replaceAll(/&quot;|"/g, '')
}

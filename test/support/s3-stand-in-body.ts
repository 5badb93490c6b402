// What S3 does with the body of a request before anything else: undo the SDK's chunking, and refuse bytes that do not match their checksums.
import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { crc32 } from 'node:zlib'

/** An answer of S3 that is an error document. */
export class S3Refusal extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message = code) {
    super(message)
    this.status = status
    this.code = code
  }
}

export type CheckedBody = {
  body: Buffer
  /** The CRC32 that the client sent, in base64. */
  crc32: string | undefined
}

export async function readRaw(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** The body as it is to be stored. Throws the refusal of S3 when a length, hash or checksum does not match. */
export function checkBody(headers: IncomingHttpHeaders, raw: Buffer): CheckedBody {
  const { body, trailers } = /aws-chunked/.test(headers['content-encoding'] ?? '')
    ? unchunk(raw)
    : { body: raw, trailers: new Map<string, string>() }
  const said = (name: string): string | undefined => trailers.get(name) ?? (headers[name] as string | undefined)

  const length = said('x-amz-decoded-content-length')
  if (length !== undefined && Number(length) !== body.length) throw new S3Refusal(400, 'IncompleteBody')
  const sha256 = said('x-amz-content-sha256')
  if (sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256) && sha256 !== hash('sha256', raw, 'hex')) {
    throw new S3Refusal(400, 'XAmzContentSHA256Mismatch')
  }
  const digests: Record<string, () => string> = {
    'content-md5': () => hash('md5', body, 'base64'),
    'x-amz-checksum-crc32': () => crc32Text(body),
    'x-amz-checksum-sha1': () => hash('sha1', body, 'base64'),
    'x-amz-checksum-sha256': () => hash('sha256', body, 'base64'),
  }
  for (const [name, right] of Object.entries(digests)) {
    const sent = said(name)
    if (sent !== undefined && sent !== right()) throw new S3Refusal(400, 'BadDigest', `${name} did not match`)
  }
  if (said('x-amz-checksum-crc32c') !== undefined || said('x-amz-checksum-crc64nvme') !== undefined) {
    throw new S3Refusal(501, 'NotImplemented', 'the stand-in knows no such checksum')
  }
  return { body, crc32: said('x-amz-checksum-crc32') }
}

export function crc32Text(body: Uint8Array): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(body))
  return bytes.toString('base64')
}

export function hash(algorithm: 'md5' | 'sha1' | 'sha256', body: Uint8Array, as: 'hex' | 'base64'): string {
  return createHash(algorithm).update(body).digest(as)
}

/** docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html */
function unchunk(raw: Buffer): { body: Buffer; trailers: Map<string, string> } {
  const chunks: Buffer[] = []
  const trailers = new Map<string, string>()
  for (let at = 0; ;) {
    const lineEnd = raw.indexOf('\r\n', at)
    const size = Number.parseInt(raw.toString('latin1', at, lineEnd), 16)
    if (lineEnd < 0 || Number.isNaN(size)) throw new S3Refusal(400, 'IncompleteBody')
    at = lineEnd + 2
    if (size === 0) {
      for (const line of raw.toString('latin1', at).split('\r\n')) {
        const colon = line.indexOf(':')
        if (colon > 0) trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
      }
      return { body: Buffer.concat(chunks), trailers }
    }
    chunks.push(raw.subarray(at, at + size))
    at += size + 2
  }
}

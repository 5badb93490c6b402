// A small HTTP server that does what S3 does, for exactly the calls that Raingauge makes, and fails when told to.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { checkBody, readRaw, S3Refusal } from './s3-stand-in-body.ts'
import { bare, S3Bucket, type S3Conditions } from './s3-stand-in-bucket.ts'
import { answerFault, flipBit, S3Faults, type S3Fault, type S3Operation } from './s3-stand-in-faults.ts'

export type S3Call = { operation: S3Operation; key: string; bytes: number; range: string | undefined }

export type S3StandIn = {
  /** `http://127.0.0.1:…`, for the client's `endpoint`, with `forcePathStyle`. */
  url: string
  bucketName: string
  bucket: S3Bucket
  /** Every call, in order of arrival. */
  calls: S3Call[]
  /** The most calls of an operation that were answered at one time. */
  mostAtOnce: (operation: S3Operation) => number
  /** The next `times` calls of the operation fail so. */
  fail: (times: number, fault: S3Fault) => void
  /** Objects, parts and uploads to a page of a list. */
  pageSize: number
  stop: () => Promise<void>
}

type Answer = { status?: number; headers?: Record<string, string | undefined>; body?: string | Buffer }
type Request = { headers: IncomingMessage['headers']; key: string; query: URLSearchParams; raw: Buffer; page: number }

export async function startS3StandIn(bucketName = 'test-bucket'): Promise<S3StandIn> {
  const bucket = new S3Bucket()
  const faults = new S3Faults()
  const running = new Map<S3Operation, number>()
  const most = new Map<S3Operation, number>()
  const calls: S3Call[] = []

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://s3')
    const [, name = '', ...rest] = url.pathname.split('/')
    const key = decodeURIComponent(rest.join('/'))
    const operation = operationOf(request.method ?? '', key, url.searchParams)
    running.set(operation, (running.get(operation) ?? 0) + 1)
    most.set(operation, Math.max(most.get(operation) ?? 0, running.get(operation) ?? 0))
    try {
      const fault = faults.take(operation)
      const sent = await readRaw(request)
      calls.push({ operation, key, bytes: sent.length, range: request.headers.range })
      if (fault !== undefined && fault.afterCommit !== true && answerFault(response, fault, errorDocument)) return
      if (name !== bucketName) throw new S3Refusal(404, 'NoSuchBucket', 'The specified bucket does not exist')
      if (request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ') !== true)
        throw new S3Refusal(403, 'AccessDenied')
      const raw = fault?.corrupt === true ? flipBit(sent) : sent
      const page = standIn.pageSize
      const given = OPERATIONS[operation](bucket, { headers: request.headers, key, query: url.searchParams, raw, page })
      if (fault?.afterCommit === true && answerFault(response, fault, errorDocument)) return
      send(response, given, fault)
    } catch (error) {
      if (!(error instanceof S3Refusal)) throw error
      const body = request.method === 'HEAD' ? '' : errorDocument(error.code, error.message)
      send(response, { status: error.status, headers: { 'content-type': 'application/xml' }, body }, undefined)
    } finally {
      running.set(operation, (running.get(operation) ?? 0) - 1)
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const standIn: S3StandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bucketName,
    bucket,
    calls,
    mostAtOnce: (operation) => most.get(operation) ?? 0,
    fail: (times, fault) => faults.plan(times, fault),
    pageSize: 1000,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return standIn
}

const OPERATIONS: Record<S3Operation, (bucket: S3Bucket, request: Request) => Answer> = {
  PutObject(bucket, { headers, key, raw }) {
    const { etag } = bucket.put(key, checkBody(headers, raw), metadataOf(headers), conditionsOf(headers))
    return { headers: { etag: `"${etag}"` } }
  },
  GetObject(bucket, { headers, key }) {
    const object = bucket.object(key)
    const ifMatch = headers['if-match']
    if (ifMatch !== undefined && bare(ifMatch) !== object.etag) throw new S3Refusal(412, 'PreconditionFailed')
    const { body } = object
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? []
    if (first === undefined) return { headers: objectHeaders(bucket, key, headers), body }
    const start = Number(first)
    const end = Math.min(last === undefined || last === '' ? body.length : Number(last) + 1, body.length)
    if (start >= body.length) throw new S3Refusal(416, 'InvalidRange', 'The requested range is not satisfiable')
    return {
      status: 206,
      headers: {
        ...objectHeaders(bucket, key, {}),
        'content-range': `bytes ${start}-${end - 1}/${body.length}`,
        'content-length': String(end - start),
      },
      body: body.subarray(start, end),
    }
  },
  HeadObject: (bucket, { headers, key }) => ({ headers: objectHeaders(bucket, key, headers) }),
  DeleteObject(bucket, { key }) {
    bucket.objects.delete(key)
    return { status: 204 }
  },
  ListObjectsV2(bucket, { query, page }) {
    const prefix = query.get('prefix') ?? ''
    const after = query.get('continuation-token') ?? ''
    const keys = [...bucket.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).toSorted()
    const shown = keys.slice(0, page)
    const contents = shown.map((key) => {
      const { etag, body, modifiedAt } = bucket.object(key)
      return `<Contents><Key>${xml(key)}</Key><LastModified>${modifiedAt.toISOString()}</LastModified><ETag>"${etag}"</ETag><Size>${body.length}</Size></Contents>`
    })
    const more = keys.length > shown.length
    const next = more ? `<NextContinuationToken>${xml(shown.at(-1) ?? '')}</NextContinuationToken>` : ''
    return document('ListBucketResult', `<IsTruncated>${more}</IsTruncated>${next}${contents.join('')}`)
  },
  CreateMultipartUpload(bucket, { headers, key }) {
    const type = headers['x-amz-checksum-type'] as string | undefined
    const { id } = bucket.begin(key, metadataOf(headers), type)
    return document('InitiateMultipartUploadResult', `<Key>${xml(key)}</Key><UploadId>${id}</UploadId>`)
  },
  UploadPart(bucket, { headers, key, query, raw }) {
    const { body } = checkBody(headers, raw)
    const { etag } = bucket.putPart(query.get('uploadId') ?? '', key, Number(query.get('partNumber')), body)
    return { headers: { etag: `"${etag}"` } }
  },
  CompleteMultipartUpload(bucket, { headers, key, query, raw }) {
    const parts = [...raw.toString().matchAll(/<Part>.*?<\/Part>/gs)].map(([part]) => ({
      number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]),
      etag: /<ETag>(.*?)</.exec(part)?.[1] ?? '',
    }))
    const { etag } = bucket.complete(query.get('uploadId') ?? '', key, {
      parts,
      crc32: headers['x-amz-checksum-crc32'] as string | undefined,
      size: headers['x-amz-mp-object-size'] as string | undefined,
      conditions: conditionsOf(headers),
    })
    return document('CompleteMultipartUploadResult', `<Key>${xml(key)}</Key><ETag>"${etag}"</ETag>`)
  },
  AbortMultipartUpload(bucket, { key, query }) {
    bucket.abort(query.get('uploadId') ?? '', key)
    return { status: 204 }
  },
  ListParts(bucket, { key, query }) {
    const { parts } = bucket.upload(query.get('uploadId') ?? '', key)
    const shown = [...parts].map(
      ([number, { etag }]) => `<Part><PartNumber>${number}</PartNumber><ETag>"${etag}"</ETag></Part>`,
    )
    return document('ListPartsResult', shown.join(''))
  },
  ListMultipartUploads(bucket, { query, page }) {
    const marker = `${query.get('key-marker') ?? ''}/${query.get('upload-id-marker') ?? ''}`
    const uploads = [...bucket.uploads.values()]
      .filter(({ key, id }) => key.startsWith(query.get('prefix') ?? '') && `${key}/${id}` > marker)
      .toSorted((a, b) => (`${a.key}/${a.id}` < `${b.key}/${b.id}` ? -1 : 1))
    const shown = uploads.slice(0, page)
    const last = shown.at(-1)
    const more = uploads.length > shown.length
    const next =
      more && last !== undefined
        ? `<NextKeyMarker>${xml(last.key)}</NextKeyMarker><NextUploadIdMarker>${last.id}</NextUploadIdMarker>`
        : ''
    const list = shown.map(
      ({ key, id, begunAt }) =>
        `<Upload><Key>${xml(key)}</Key><UploadId>${id}</UploadId><Initiated>${begunAt.toISOString()}</Initiated></Upload>`,
    )
    return document('ListMultipartUploadsResult', `<IsTruncated>${more}</IsTruncated>${next}${list.join('')}`)
  },
}

function operationOf(method: string, key: string, query: URLSearchParams): S3Operation {
  const multipart = query.has('uploadId')
  if (key === '') return query.has('uploads') ? 'ListMultipartUploads' : 'ListObjectsV2'
  if (method === 'POST') return query.has('uploads') ? 'CreateMultipartUpload' : 'CompleteMultipartUpload'
  if (method === 'PUT') return multipart ? 'UploadPart' : 'PutObject'
  if (method === 'DELETE') return multipart ? 'AbortMultipartUpload' : 'DeleteObject'
  if (method === 'HEAD') return 'HeadObject'
  return multipart ? 'ListParts' : 'GetObject'
}

function send(
  response: ServerResponse,
  { status = 200, headers = {}, body = '' }: Answer,
  fault: S3Fault | undefined,
): void {
  const bytes = Buffer.from(body)
  const said = Object.entries(headers).filter((each): each is [string, string] => each[1] !== undefined)
  response.writeHead(status, { 'content-length': String(bytes.length), ...Object.fromEntries(said) })
  if (fault?.cutBodyAt === undefined) {
    response.end(fault?.corrupt === true ? flipBit(bytes) : bytes)
    return
  }
  response.write(bytes.subarray(0, fault.cutBodyAt), () => response.socket?.resetAndDestroy())
}

function objectHeaders(
  bucket: S3Bucket,
  key: string,
  asked: IncomingMessage['headers'],
): Record<string, string | undefined> {
  const { body, etag, metadata, crc32, modifiedAt } = bucket.object(key)
  const checksum = asked['x-amz-checksum-mode'] === 'ENABLED' ? crc32 : undefined
  return {
    'content-length': String(body.length),
    etag: `"${etag}"`,
    'last-modified': modifiedAt.toUTCString(),
    'x-amz-checksum-crc32': checksum,
    'x-amz-checksum-type': checksum === undefined ? undefined : 'FULL_OBJECT',
    ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
  }
}

function metadataOf(headers: IncomingMessage['headers']): Record<string, string> {
  const found = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-'))
  return Object.fromEntries(found.map(([name, value]) => [name.slice('x-amz-meta-'.length), String(value)]))
}

function conditionsOf(headers: IncomingMessage['headers']): S3Conditions {
  return { ifNoneMatch: headers['if-none-match'], ifMatch: headers['if-match'] }
}

function document(root: string, content: string): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?><${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${root}>`
  return { headers: { 'content-type': 'application/xml' }, body }
}

function errorDocument(code: string, message = code): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${xml(message)}</Message></Error>`
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

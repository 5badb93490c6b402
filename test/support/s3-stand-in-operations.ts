// The calls of S3 that Raingauge makes, over a bucket in memory. docs.aws.amazon.com/AmazonS3/latest/API/
import type { IncomingMessage } from 'node:http'
import { checkBody, S3Refusal } from './s3-stand-in-body.ts'
import { bare, type S3Bucket, type S3Conditions, type S3Retention } from './s3-stand-in-bucket.ts'
import type { S3Operation } from './s3-stand-in-faults.ts'

export type S3Answer = { status?: number; headers?: Record<string, string | undefined>; body?: string | Buffer }
export type S3Request = {
  headers: IncomingMessage['headers']
  key: string
  query: URLSearchParams
  raw: Buffer
  /** Objects, parts and uploads to a page of a list. */
  page: number
}

/** What each call does to the bucket, and what it answers. Throws the refusals of S3. */
export const OPERATIONS: Record<S3Operation, (bucket: S3Bucket, request: S3Request) => S3Answer> = {
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
    bucket.hide(key)
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
    const { etag, crc32 } = bucket.complete(query.get('uploadId') ?? '', key, {
      parts,
      crc32: headers['x-amz-checksum-crc32'] as string | undefined,
      size: headers['x-amz-mp-object-size'] as string | undefined,
      conditions: conditionsOf(headers),
    })
    const checksum =
      crc32 === undefined ? '' : `<ChecksumCRC32>${crc32}</ChecksumCRC32><ChecksumType>FULL_OBJECT</ChecksumType>`
    return document('CompleteMultipartUploadResult', `<Key>${xml(key)}</Key><ETag>"${etag}"</ETag>${checksum}`)
  },
  GetObjectRetention(bucket, { key }) {
    const { mode, until } = bucket.retention(key)
    return document('Retention', `<Mode>${mode}</Mode><RetainUntilDate>${until.toISOString()}</RetainUntilDate>`)
  },
  PutObjectRetention(bucket, { headers, key, raw }) {
    const text = checkBody(headers, raw).body.toString()
    const mode = /<Mode>(GOVERNANCE|COMPLIANCE)</.exec(text)?.[1]
    const until = new Date(/<RetainUntilDate>(.*?)</.exec(text)?.[1] ?? '')
    if (mode === undefined || Number.isNaN(until.getTime())) throw new S3Refusal(400, 'MalformedXML')
    bucket.retain(key, { mode: mode as S3Retention['mode'], until })
    return {}
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

/** Which call a request is. */
export function operationOf(method: string, key: string, query: URLSearchParams): S3Operation {
  const multipart = query.has('uploadId')
  if (query.has('retention')) return method === 'PUT' ? 'PutObjectRetention' : 'GetObjectRetention'
  if (key === '') return query.has('uploads') ? 'ListMultipartUploads' : 'ListObjectsV2'
  if (method === 'POST') return query.has('uploads') ? 'CreateMultipartUpload' : 'CompleteMultipartUpload'
  if (method === 'PUT') return multipart ? 'UploadPart' : 'PutObject'
  if (method === 'DELETE') return multipart ? 'AbortMultipartUpload' : 'DeleteObject'
  if (method === 'HEAD') return 'HeadObject'
  return multipart ? 'ListParts' : 'GetObject'
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

function document(root: string, content: string): S3Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?><${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${root}>`
  return { headers: { 'content-type': 'application/xml' }, body }
}

export function errorDocument(code: string, message = code): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${xml(message)}</Message></Error>`
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

// A small HTTP server that does what S3 does, for exactly the calls that Raingauge makes, and fails when told to.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readRaw, S3Refusal } from './s3-stand-in-body.ts'
import { S3Bucket } from './s3-stand-in-bucket.ts'
import { answerFault, flipBit, S3Faults, type S3Fault, type S3Operation } from './s3-stand-in-faults.ts'
import { errorDocument, operationOf, OPERATIONS, type S3Answer } from './s3-stand-in-operations.ts'

export type S3Call = { operation: S3Operation; key: string; bytes: number; range: string | undefined }

/** Whose request it is. */
export type S3Caller = { accessKey: string }

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
  /** No call fails any more. */
  heal: () => void
  /** Objects, parts and uploads to a page of a list. */
  pageSize: number
  /** What the caller may do; default: everything. */
  authorize: (call: Pick<S3Call, 'operation' | 'key'> & S3Caller) => boolean
  /** Cuts every connection that is open, as a network does with those of a machine that sleeps. */
  cutConnections: () => void
  stop: () => Promise<void>
}

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
      const accessKey = /Credential=([^/]+)\//.exec(request.headers.authorization)?.[1] ?? ''
      if (!standIn.authorize({ operation, key, accessKey })) throw new S3Refusal(403, 'AccessDenied')
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
    heal: () => faults.clear(),
    pageSize: 1000,
    authorize: () => true,
    cutConnections: () => server.closeAllConnections(),
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return standIn
}

function send(
  response: ServerResponse,
  { status = 200, headers = {}, body = '' }: S3Answer,
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

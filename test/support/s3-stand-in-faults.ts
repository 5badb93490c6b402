// What can be made to go wrong on the way to the stand-in, and in it.
import type { ServerResponse } from 'node:http'

export type S3Operation =
  | 'PutObject'
  | 'GetObject'
  | 'HeadObject'
  | 'DeleteObject'
  | 'ListObjectsV2'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'ListParts'
  | 'ListMultipartUploads'
  | 'GetObjectRetention'
  | 'PutObjectRetention'

export type S3Fault = {
  operation: S3Operation
  /** Calls of the operation that go well before. */
  after?: number
  /** Answers this status, with an error document of this code. */
  status?: number
  code?: string
  /** Answers 200, and the document of an error in it. */
  errorBodyWith200?: true
  /** Cuts the connection instead of answering. */
  reset?: true
  /** Never answers. */
  hang?: true
  /** Does the work first, then fails. */
  afterCommit?: true
  /** Flips a bit of the body: of the request's before it is checked, or of the answer's. */
  corrupt?: true
  /** Cuts the connection after so many bytes of the answer's body. */
  cutBodyAt?: number
}

export class S3Faults {
  readonly #planned: { fault: S3Fault; times: number; spare: number }[] = []

  plan(times: number, fault: S3Fault): void {
    this.#planned.push({ fault, times, spare: fault.after ?? 0 })
  }

  /** Forgets what was planned. */
  clear(): void {
    this.#planned.length = 0
  }

  take(operation: S3Operation): S3Fault | undefined {
    const planned = this.#planned.find((each) => each.fault.operation === operation && each.times > 0)
    if (planned === undefined) return undefined
    if (planned.spare > 0) {
      planned.spare -= 1
      return undefined
    }
    planned.times -= 1
    return planned.fault
  }
}

/** Answers as the fault says; false where it says nothing about the answer. */
export function answerFault(
  response: ServerResponse,
  fault: S3Fault,
  errorDocument: (code: string) => string,
): boolean {
  if (fault.reset === true) response.socket?.resetAndDestroy()
  else if (fault.hang === true) return true
  else if (fault.errorBodyWith200 === true) {
    response.writeHead(200, { 'content-type': 'application/xml' })
    response.end(errorDocument('InternalError'))
  } else if (fault.status !== undefined || fault.afterCommit === true) {
    const status = fault.status ?? 500
    response.writeHead(status, { 'content-type': 'application/xml' })
    response.end(errorDocument(fault.code ?? (status === 503 ? 'SlowDown' : 'InternalError')))
  } else return false
  return true
}

export function flipBit(body: Buffer): Buffer {
  const flipped = Buffer.from(body)
  const middle = flipped.length >> 1
  if (flipped.length > 0) flipped[middle] = (flipped[middle] ?? 0) ^ 1
  return flipped
}

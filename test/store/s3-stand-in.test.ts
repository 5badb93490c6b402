// The stand-in itself: it must be as strict as S3, or the tests that lean on it prove nothing.
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { MIB } from '../../lib/store/part-size.ts'
import { checkBody } from '../support/s3-stand-in-body.ts'
import { testS3 } from '../support/s3.ts'

const chunked = (crc: string): Buffer =>
  Buffer.from(`3\r\nhel\r\n2;chunk-signature=0\r\nlo\r\n0\r\nx-amz-checksum-crc32:${crc}\r\n\r\n`)

const AT = { Bucket: 'test-bucket', Key: 'a' }

test('a streamed body with its checksum in the trailer is stored without its framing', async () => {
  const { standIn, client } = await testS3()
  const text = 'stream '.repeat(30_000)
  await client.send(new PutObjectCommand({ ...AT, Body: Readable.from([text]), ContentLength: text.length }))
  expect(standIn.calls[0]?.bytes).toBeGreaterThan(text.length)
  const { Body } = await client.send(new GetObjectCommand(AT))
  expect(await Body?.transformToString()).toBe(text)
})

test.each([
  ['x-amz-checksum-crc32', 'AAAAAA==', 'did not match'],
  ['x-amz-checksum-sha256', 'AAAA', 'did not match'],
  ['content-md5', 'AAAA', 'did not match'],
  ['x-amz-content-sha256', '0'.repeat(64), 'XAmzContentSHA256Mismatch'],
  ['x-amz-decoded-content-length', '7', 'IncompleteBody'],
])('a body that does not match its %s is refused', (name, value, words) => {
  expect(() => checkBody({ [name]: value }, Buffer.from('hello'))).toThrow(words)
})

test('a chunked body is checked by its trailer', () => {
  const headers = { 'content-encoding': 'aws-chunked' }
  expect(checkBody(headers, chunked('NhCmhg==')).body.toString()).toBe('hello')
  expect(() => checkBody(headers, chunked('AAAAAA=='))).toThrow('did not match')
  expect(() => checkBody(headers, Buffer.from('5\r\nhello\r\n'))).toThrow('IncompleteBody')
})

test('a wrong checksum is refused over the wire', async () => {
  const { client } = await testS3()
  const put = client.send(new PutObjectCommand({ ...AT, Body: 'hello', ChecksumCRC32: 'AAAAAA==' }))
  await expect(put).rejects.toMatchObject({ name: 'BadDigest' })
})

test('parts that are too small, out of order, or not those that were sent are refused', async () => {
  const { client } = await testS3()
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(AT))
  const etags: (string | undefined)[] = []
  for (const [index, length] of [5 * MIB, MIB, 10].entries()) {
    const Body = Buffer.alloc(length)
    const { ETag } = await client.send(new UploadPartCommand({ ...AT, UploadId, PartNumber: index + 1, Body }))
    etags.push(ETag)
  }
  const complete = (...numbers: number[]): Promise<unknown> => {
    const Parts = numbers.map((PartNumber) => ({ PartNumber, ETag: etags[PartNumber - 1] }))
    return client.send(new CompleteMultipartUploadCommand({ ...AT, UploadId, MultipartUpload: { Parts } }))
  }
  await expect(complete(1, 2, 3)).rejects.toMatchObject({ name: 'EntityTooSmall' })
  await expect(complete(2, 1)).rejects.toMatchObject({ name: 'InvalidPartOrder' })
  await expect(complete(1, 4)).rejects.toMatchObject({ name: 'InvalidPart' })
  await complete(1, 2)
  await expect(complete(1, 2)).rejects.toMatchObject({ name: 'NoSuchUpload' })
})

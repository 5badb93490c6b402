// The raw bytes of an archive in a plain file, compressed or not: what it is, its first bytes say.
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { RaingaugeError } from '../error.ts'
import { codeOf } from '../postgres/classify-error.ts'
import { corrupt } from './corrupt.ts'
import { decodeFrame } from './decode-frame.ts'
import { zstdFrames } from './zstd-frames.ts'

const READ_CHUNK = 1024 * 1024
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])
const CUSTOM_FORMAT = Buffer.from('PGDMP')

/**
 * The uncompressed archive in a `.dump` or `.dump.zst` file. Throws `archive.not-found`, or `archive.corrupt` for a file that is
 * neither, or whose zstd frames do not decode to the end of the file.
 */
export async function* readArchiveFile(path: string): AsyncGenerator<Buffer, void, void> {
  const start = await firstBytes(path)
  const source = createReadStream(path, { highWaterMark: READ_CHUNK }) as AsyncIterable<Buffer>
  if (start.subarray(0, CUSTOM_FORMAT.length).equals(CUSTOM_FORMAT)) {
    yield* source
  } else if (start.subarray(0, ZSTD.length).equals(ZSTD)) {
    let number = 0
    for await (const frame of zstdFrames(source, path)) {
      number++
      yield* decodeFrame(frame, null, `frame ${number} of ${path}`)
    }
  } else {
    throw corrupt(`${path} is neither an archive of pg_dump -Fc nor a zstd file`)
  }
}

async function firstBytes(path: string): Promise<Buffer> {
  try {
    await using file = await open(path, 'r')
    const { buffer, bytesRead } = await file.read(Buffer.alloc(5), 0, 5, 0)
    return buffer.subarray(0, bytesRead)
  } catch (cause) {
    throw new RaingaugeError('archive.not-found', `cannot read ${path} (${codeOf(cause) ?? 'unknown error'})`, {
      remedy: 'check the path, and that it is a file that you may read',
      cause,
    })
  }
}

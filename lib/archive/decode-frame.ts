// One zstd frame back into raw bytes.
import { Readable } from 'node:stream'
import { createZstdDecompress } from 'node:zlib'
import { codeOf } from '../postgres/classify-error.ts'
import { messageOf } from '../error.ts'
import { corrupt } from './corrupt.ts'

const DECODER = {
  /** Large, since each chunk is allocated anew and costs the garbage collector more than the decoder. */
  chunkSize: 1024 * 1024,
  /** So many chunks are decoded ahead, on a thread of its own, while the last is worked on here; as objects, they are not joined. */
  readableHighWaterMark: 2,
  readableObjectMode: true,
}

/**
 * Decodes one whole frame; zstd checks the checksum that it ends with. `rawBytes` is what must come out, null when nobody knows.
 * Throws `archive.corrupt` with `name` in it.
 */
export async function* decodeFrame(
  stored: Uint8Array | AsyncIterable<Uint8Array>,
  rawBytes: number | null,
  name: string,
): AsyncGenerator<Buffer, void, void> {
  const source = stored instanceof Uint8Array ? Readable.from([stored]) : Readable.from(stored)
  const decoder = createZstdDecompress(DECODER)
  source.on('error', (error) => decoder.destroy(error))
  source.pipe(decoder)
  let decoded = 0
  try {
    for await (const chunk of decoder as AsyncIterable<Buffer>) {
      decoded += chunk.length
      if (rawBytes !== null && decoded > rawBytes) break
      yield chunk
    }
  } catch (error) {
    // Codes of zlib and of zstd itself; anything else is the source's.
    if (!/^(?:Z_|ZSTD_)/.test(codeOf(error) ?? '')) throw error
    throw corrupt(`${name} does not decode: ${messageOf(error)}`, error)
  } finally {
    source.destroy()
    decoder.destroy()
  }
  if (rawBytes !== null && decoded !== rawBytes) throw corrupt(`${name} decodes to ${decoded} bytes, not ${rawBytes}`)
}

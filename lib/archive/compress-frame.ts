// Raw bytes into one zstd frame (RFC 8878), on a thread of libuv's.
import { constants, createZstdCompress } from 'node:zlib'
import { giveBack } from './give-back.ts'
import { letPoolYield } from './yielding-pool.ts'

/**
 * One table of long matches, small enough for a core's own cache even beside what else works there, over a wide window: against level 3, with its
 * two tables, a third to a half less CPU on busy cores, for rows within 3 % of its size; documents that resemble each other take up to 9 % more. The
 * checksum makes a decoder notice flipped bits.
 */
const ZSTD_PARAMETERS = {
  [constants.ZSTD_c_strategy]: constants.ZSTD_fast,
  [constants.ZSTD_c_windowLog]: 22,
  [constants.ZSTD_c_hashLog]: 15,
  [constants.ZSTD_c_minMatch]: 7,
  [constants.ZSTD_c_checksumFlag]: 1,
}

let poolYields = false

/** One whole frame; its memory is to be given back by {@link giveBackFrame}. Never rejects: whoever takes the frame is told. */
export async function compressFrame(raw: Uint8Array): Promise<Buffer | Error> {
  // With ZSTD_e_end from the first byte, and room for whatever comes of it, zstd copies nothing: ZSTD_compressStream2.
  const chunkSize = mostCompressed(raw.byteLength)
  // A stream with less calls back only once somebody reads.
  const readableHighWaterMark = chunkSize + 1
  const options = { params: ZSTD_PARAMETERS, chunkSize, readableHighWaterMark, flush: constants.ZSTD_e_end }
  const compressor = createZstdCompress(options)
  try {
    return await new Promise((resolve) => {
      compressor.once('error', resolve)
      compressor.write(raw, (error) => {
        resolve(error ?? (compressor.read() as Buffer | null) ?? new Error('zstd compressed to nothing'))
      })
      // Its threads are there from the first frame on.
      if (!poolYields) letPoolYield()
      poolYields = true
    })
  } finally {
    compressor.destroy()
  }
}

/** A frame that came of so many raw bytes, whose memory is as large as theirs. */
export function giveBackFrame(stored: Uint8Array, rawBytes: number): void {
  giveBack(stored, mostCompressed(rawBytes) - stored.byteLength)
}

/** No less than ZSTD_compressBound, in zstd.h. */
function mostCompressed(bytes: number): number {
  return bytes + (bytes >> 8) + 1024
}

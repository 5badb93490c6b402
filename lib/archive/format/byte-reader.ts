// Bytes that come in chunks of any size, read by a generator that yields whenever it wants more than is there.
import type { RaingaugeError } from '../../error.ts'
import { corrupt } from '../corrupt.ts'

/** A step of reading: yields when it needs the next chunk, returns what it read. */
export type Reading<T> = Generator<void, T, void>

export class ByteReader {
  /** What is being read, and how far; the hot loops look at these themselves. */
  chunk: Buffer = Buffer.alloc(0)
  position = 0
  #chunkStart: number

  /** `offset`: where the first byte is that it will be given. */
  constructor(offset = 0) {
    this.#chunkStart = offset
  }

  /** Gives the next chunk. Only when the one before is used up. */
  give(chunk: Uint8Array): void {
    // Not its length: the chunk before was only lent, and may be gone.
    this.#chunkStart += this.position
    this.chunk = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    this.position = 0
  }

  /** Where the next byte is, counted from the very first. */
  get offset(): number {
    return this.#chunkStart + this.position
  }

  get available(): number {
    return this.chunk.length - this.position
  }

  /** Reads exactly so many bytes. A lie about the length costs no memory: room grows only with what really comes. */
  *take(length: number): Reading<Buffer> {
    if (this.available >= length) {
      this.position += length
      return this.chunk.subarray(this.position - length, this.position)
    }
    const parts: Buffer[] = []
    for (let missing = length; missing > 0;) {
      if (this.available === 0) yield
      const part = Buffer.from(this.chunk.subarray(this.position, this.position + missing))
      this.position += part.length
      missing -= part.length
      if (part.length > 0) parts.push(part)
    }
    return Buffer.concat(parts)
  }

  *byte(): Reading<number> {
    while (this.available === 0) yield
    return this.chunk[this.position++] as number
  }

  /** The error for bytes that cannot be right at this place. */
  corrupt(what: string, offset = this.offset): RaingaugeError {
    return corrupt(`not a whole archive: ${what} at byte ${offset}`)
  }
}

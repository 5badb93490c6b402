// Takes a zstd file apart into its frames, for archives that come without a manifest. RFC 8878, sections 3.1.1 and 3.1.2.
// Needed because Node's decoder stops after the first frame, without a word about what follows.
import { corrupt } from './corrupt.ts'

const MAGIC = 0xfd2fb528
const SKIPPABLE_MAGIC = 0x184d2a50
const RLE_BLOCK = 1
const RESERVED_BLOCK = 3

/** Each frame as the bytes it is made of, to be read to its end before the next. Throws `archive.corrupt` where the file breaks off or is no zstd. */
export async function* zstdFrames(
  source: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<AsyncGenerator<Buffer, void, void>, void, void> {
  const input = new PulledBytes(source, name)
  try {
    while (await input.more()) {
      const magic = await input.take(4)
      if (isSkippable(magic.readUInt32LE())) await skip(input)
      else if (magic.readUInt32LE() === MAGIC) yield frame(input, magic)
      else throw corrupt(`${name} is not zstd at byte ${input.offset - 4}`)
    }
  } finally {
    await input.close()
  }
}

/** A frame for others to put remarks in. */
async function skip(input: PulledBytes): Promise<void> {
  for await (const _ of input.pieces((await input.take(4)).readUInt32LE())) continue
}

async function* frame(input: PulledBytes, magic: Buffer): AsyncGenerator<Buffer, void, void> {
  yield magic
  const descriptor = await input.take(1)
  yield descriptor
  const flags = descriptor[0] as number
  yield await input.take(headerBytes(flags))
  for (let last = false; !last;) {
    const header = await input.take(3)
    yield header
    const bits = header.readUIntLE(0, 3)
    last = (bits & 1) === 1
    const type = (bits >> 1) & 3
    if (type === RESERVED_BLOCK) throw corrupt(`${input.name} has an unknown zstd block at byte ${input.offset - 3}`)
    yield* input.pieces(type === RLE_BLOCK ? 1 : bits >> 3)
  }
  if ((flags & 0b100) !== 0) yield await input.take(4)
}

function isSkippable(magic: number): boolean {
  return ((magic ^ SKIPPABLE_MAGIC) & 0xfffffff0) === 0
}

/** What follows the frame header descriptor: window, dictionary id, size of the content. */
function headerBytes(descriptor: number): number {
  const singleSegment = (descriptor & 0b10_0000) !== 0
  const dictionary = [0, 1, 2, 4][descriptor & 0b11] as number
  const contentSize = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] as number
  return (singleSegment ? 0 : 1) + dictionary + contentSize
}

class PulledBytes {
  readonly name: string
  offset = 0
  readonly #iterator: AsyncIterator<Uint8Array>
  #chunk: Buffer = Buffer.alloc(0)

  constructor(source: AsyncIterable<Uint8Array>, name: string) {
    this.#iterator = source[Symbol.asyncIterator]()
    this.name = name
  }

  async more(): Promise<boolean> {
    while (this.#chunk.length === 0) {
      const { value, done } = await this.#iterator.next()
      if (done === true) return false
      const bytes: Uint8Array = value
      this.#chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    }
    return true
  }

  async take(length: number): Promise<Buffer> {
    const parts: Buffer[] = []
    for await (const piece of this.pieces(length)) parts.push(piece)
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
  }

  async *pieces(length: number): AsyncGenerator<Buffer, void, void> {
    for (let missing = length; missing > 0;) {
      if (!(await this.more())) throw corrupt(`${this.name} breaks off at byte ${this.offset}`)
      const piece = this.#chunk.subarray(0, missing)
      this.#chunk = this.#chunk.subarray(piece.length)
      this.offset += piece.length
      missing -= piece.length
      yield piece
    }
  }

  async close(): Promise<void> {
    await this.#iterator.return?.()
  }
}

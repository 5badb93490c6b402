// A custom-format archive, read while it streams by: PostgreSQL's src/bin/pg_dump/pg_backup_custom.c, _PrintTocData,
// _readBlockHeader, _skipData and _skipLOs. Memory: the table of contents, and nothing of the data.
import { ByteReader, type Reading } from './byte-reader.ts'
import { decodeInt, readHead, readInt, type Head } from './read-head.ts'
import { describeEntry, type TocEntry } from './toc-entry.ts'

/** Told what is in an archive, in the order of the archive. Offsets count from its first byte. */
export type ArchiveHandler = {
  /** Header and table of contents, complete; data begins at `offset`. */
  head?(head: Head, offset: number): void
  blockStart?(entry: TocEntry, offset: number): void
  /** A large object begins; what `data` tells next belongs to it. */
  largeObject?(entry: TocEntry, oid: number): void
  /** Bytes `[start, end)` of `chunk` belong to the entry: a piece of any length. They are only lent. */
  data?(entry: TocEntry, chunk: Buffer, start: number, end: number): void
  /** The block ended before `offset`. */
  blockEnd?(entry: TocEntry, offset: number): void
}

const BLK_DATA = 1
const BLK_BLOBS = 3
const INT_LENGTH = 5

/**
 * Push parser: give it an archive in chunks of any size, then call `end`. Both throw `archive.corrupt` with the offset
 * when the bytes cannot be an archive, and go on throwing it. A handler's error is thrown on, too.
 */
export class ArchiveParser {
  readonly #reader: ByteReader
  readonly #handler: ArchiveHandler
  readonly #reading: Reading<never>
  #awaited = new Map<number, TocEntry>()
  #betweenBlocks = false
  #failure: { error: unknown } | undefined

  /** `from`: the bytes begin in the middle of an archive, at `offset`, with the blocks of these entries and no others. */
  constructor(handler: ArchiveHandler, from?: { entries: readonly TocEntry[]; offset: number }) {
    this.#handler = handler
    this.#reader = new ByteReader(from?.offset)
    this.#reading = from === undefined ? this.#read() : this.#readBlocks(from.entries)
  }

  feed(chunk: Uint8Array): void {
    if (this.#failure !== undefined) throw this.#failure.error
    if (chunk.byteLength === 0) return
    this.#reader.give(chunk)
    try {
      this.#reading.next()
    } catch (error) {
      this.#failure = { error }
      throw error
    }
  }

  /** Says that nothing more comes: fine only after the last block that the table of contents promises. */
  end(): void {
    if (this.#failure !== undefined) throw this.#failure.error
    if (!this.#betweenBlocks) throw this.#reader.corrupt('it breaks off')
    const [missing] = this.#awaited.values()
    if (missing !== undefined) throw this.#reader.corrupt(`it breaks off before ${describeEntry(missing)}`)
  }

  *#read(): Reading<never> {
    const reader = this.#reader
    const head = yield* readHead(reader)
    this.#handler.head?.(head, reader.offset)
    return yield* this.#readBlocks(head.entries)
  }

  *#readBlocks(entries: readonly TocEntry[]): Reading<never> {
    const reader = this.#reader
    for (const entry of entries) if (entry.hadDumper) this.#awaited.set(entry.dumpId, entry)
    for (;;) {
      this.#betweenBlocks = true
      while (reader.available === 0) yield
      this.#betweenBlocks = false
      yield* this.#readBlock()
    }
  }

  *#readBlock(): Reading<void> {
    const reader = this.#reader
    const start = reader.offset
    const type = yield* reader.byte()
    const dumpId = yield* readInt(reader)
    const entry = this.#awaited.get(dumpId)
    if (entry === undefined) throw reader.corrupt(`a block for ${dumpId}, for which none is due,`, start)
    if (type !== (entry.desc === 'BLOBS' ? BLK_BLOBS : BLK_DATA)) {
      throw reader.corrupt(`a block of type ${type} for ${describeEntry(entry)}`, start)
    }
    if (entry.dataOffset !== null && entry.dataOffset !== start) {
      throw reader.corrupt(`the block of ${describeEntry(entry)}, due at ${entry.dataOffset},`, start)
    }
    this.#awaited.delete(dumpId)
    this.#handler.blockStart?.(entry, start)
    if (type === BLK_DATA) yield* this.#readData(entry)
    else yield* this.#readLargeObjects(entry)
    this.#handler.blockEnd?.(entry, reader.offset)
  }

  *#readLargeObjects(entry: TocEntry): Reading<void> {
    for (;;) {
      const oid = yield* readInt(this.#reader)
      if (oid === 0) return
      // WriteInt takes an oid for a signed int.
      this.#handler.largeObject?.(entry, oid < 0 ? oid + 2 ** 32 : oid)
      yield* this.#readData(entry)
    }
  }

  /** Pieces with their length before them, until one of no length. pg_dump makes a piece of every row, so this is the hot loop. */
  *#readData(entry: TocEntry): Reading<void> {
    const reader = this.#reader
    const handler = this.#handler
    for (;;) {
      const at = reader.offset
      let length: number
      if (reader.available >= INT_LENGTH) {
        length = decodeInt(reader, reader.chunk, reader.position, at)
        reader.position += INT_LENGTH
      } else {
        length = yield* readInt(reader)
      }
      if (length === 0) return
      if (length < 0 || length > 0x7fffffff) {
        throw reader.corrupt(`a piece of ${length} bytes in ${describeEntry(entry)}`, at)
      }
      for (let missing = length; missing > 0;) {
        while (reader.available === 0) yield
        const end = Math.min(reader.position + missing, reader.chunk.length)
        handler.data?.(entry, reader.chunk, reader.position, end)
        missing -= end - reader.position
        reader.position = end
      }
    }
  }
}

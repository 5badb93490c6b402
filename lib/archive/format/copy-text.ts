// The rows of a table as pg_dump keeps them: COPY text, then the mark that ends it. Written by dumpTableData_copy in
// PostgreSQL's src/bin/pg_dump/pg_dump.c; a newline inside a value is escaped (manual, COPY, "Text Format").

/** A line `\.`, then two empty ones: no row begins with it, for a backslash in a value is doubled. */
export const COPY_END = Buffer.from('\\.\n\n\n')

const NEWLINE = 0x0a
const LINES_AT_END = 3

/** `one`: each piece of the archive is known to be one row. That spares the look at every byte. */
export type RowPieces = 'any' | 'one'

/** Counts the rows of one table while its bytes pass by. */
export class RowCounter {
  readonly #pieces: RowPieces
  #lines = 0
  readonly #newlines = new NewlineCounter()
  readonly #tail = Buffer.alloc(COPY_END.length)

  constructor(pieces: RowPieces = 'any') {
    this.#pieces = pieces
  }

  add(chunk: Buffer, start: number, end: number): void {
    // The end mark is a piece, too, and has more than one.
    if (this.#pieces === 'any' || end - start <= COPY_END.length) this.#lines += this.#newlines.count(chunk, start, end)
    else if (chunk[end - 1] === NEWLINE) this.#lines++
    this.#keepTail(chunk, start, end)
  }

  /** The number of rows; null when the end mark is not there, so that rows may be missing. */
  rows(): number | null {
    return this.#tail.equals(COPY_END) ? this.#lines - LINES_AT_END : null
  }

  #keepTail(chunk: Buffer, start: number, end: number): void {
    const tail = this.#tail
    const kept = Math.max(0, tail.length - (end - start))
    if (kept > 0) tail.copyWithin(0, tail.length - kept)
    for (let index = kept; index < tail.length; index++) tail[index] = chunk[end - tail.length + index] as number
  }
}

/** Looks at four bytes at a time: this is the hot loop of verifying and restoring. */
class NewlineCounter {
  #chunk: Buffer | undefined
  #words: Int32Array = new Int32Array()

  count(chunk: Buffer, start: number, end: number): number {
    if (chunk !== this.#chunk) this.#view(chunk)
    const words = this.#words
    // Places in the chunk at which a word begins.
    const shift = -chunk.byteOffset & 3
    const first = (start - shift + 3) >> 2
    const last = Math.min(words.length, (end - shift) >> 2)
    if (last <= first) return newlines(chunk, start, end)
    let found = newlines(chunk, start, first * 4 + shift) + newlines(chunk, last * 4 + shift, end)
    for (let index = first; index < last; index++) {
      const mixed = (words[index] as number) ^ NEWLINES
      // A word with a byte of zero in it: Hacker's Delight, 6-1.
      if (((mixed - 0x01010101) & ~mixed & 0x80808080) !== 0) {
        const at = index * 4 + shift
        found += newlines(chunk, at, at + 4)
      }
    }
    return found
  }

  #view(chunk: Buffer): void {
    const shift = -chunk.byteOffset & 3
    const words = Math.max(0, (chunk.length - shift) >> 2)
    this.#chunk = chunk
    this.#words = words === 0 ? new Int32Array() : new Int32Array(chunk.buffer, chunk.byteOffset + shift, words)
  }
}

const NEWLINES = 0x0a0a0a0a

function newlines(chunk: Buffer, start: number, end: number): number {
  let found = 0
  for (let index = start; index < end; index++) if (chunk[index] === NEWLINE) found++
  return found
}

// The rows of a table as pg_dump keeps them: COPY text, then the mark that ends it. Written by dumpTableData_copy in
// PostgreSQL's src/bin/pg_dump/pg_dump.c; a newline inside a value is escaped (manual, COPY, "Text Format").

/** A line `\.`, then two empty ones: no row begins with it, for a backslash in a value is doubled. */
export const COPY_END = Buffer.from('\\.\n\n\n')

const NEWLINE = 0x0a
const LINES_AT_END = 3

/** Counts the rows of one table while its bytes pass by. */
export class RowCounter {
  #lines = 0
  readonly #tail = Buffer.alloc(COPY_END.length)

  add(chunk: Buffer, start: number, end: number): void {
    let lines = 0
    for (let index = start; index < end; index++) if (chunk[index] === NEWLINE) lines++
    this.#lines += lines
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

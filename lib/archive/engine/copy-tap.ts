// Takes the rows of a COPY out of what the server sends, on its way to libpq. Formats: manual, 55.7 "Message Formats".

export type Piece =
  /** For libpq. */
  | { kind: 'message'; bytes: Uint8Array }
  /** libpq has been given all of CopyOutResponse: rows follow. */
  | { kind: 'copy-begins' }
  /** Rows, as pg_dump would write them into the archive. */
  | { kind: 'rows'; bytes: Uint8Array }

const HEADER_BYTES = 5
const COPY_OUT_RESPONSE = 0x48
const COPY_DATA = 0x64
/** NoticeResponse, ParameterStatus, NotificationResponse, which may come at any time: manual, 55.2.7 "Asynchronous Operations". */
const ASYNCHRONOUS: readonly number[] = [0x4e, 0x53, 0x41]

/**
 * pg_dump writes each CopyData message as a piece of its own: its length as a sign byte and four bytes, the smallest first (WriteInt,
 * pg_backup_archiver.c), then its bytes. The message's own header is as long, so it is rewritten where it stands, and no row passes
 * through libpq, which would hold each of them whole and copy it three times.
 */
export class CopyTap {
  #copying = false
  /** The message under way is CopyOutResponse. */
  #beginning = false
  /** The message under way is a row. */
  #inRow = false
  /** Bytes of it that are still to come. */
  #missing = 0
  /** The start of a header that lies across two chunks; of a row's perhaps, or handed on already. */
  #held: Uint8Array = new Uint8Array()
  /** The server said what is no message: libpq is given it all, and says best what is wrong. */
  #lost = false

  /** Rows are coming, or the end of them. */
  copying(): boolean {
    return this.#copying
  }

  /** Takes the next bytes after the server's first ReadyForQuery, changes them, and returns them in pieces, in order. */
  push(bytes: Uint8Array): Piece[] {
    const whole = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes])
    const chunk = Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength)
    const pieces: Piece[] = []
    let done = this.#copying ? 0 : this.#held.length
    this.#held = new Uint8Array()
    const cut = (end: number) => {
      if (end > done) pieces.push({ kind: this.#inRow ? 'rows' : 'message', bytes: chunk.subarray(done, end) })
      done = end
    }
    let at = 0
    while (at < chunk.length && !this.#lost) {
      if (this.#missing > 0) {
        const taken = Math.min(this.#missing, chunk.length - at)
        at += taken
        this.#missing -= taken
        if (!this.#beginning || this.#missing > 0) continue
        this.#beginning = false
        this.#copying = true
        cut(at)
        pieces.push({ kind: 'copy-begins' })
      } else if (chunk.length - at < HEADER_BYTES) {
        // A copy: the chunk goes on to others.
        this.#held = Uint8Array.from(chunk.subarray(at))
        cut(this.#copying ? at : chunk.length)
        return pieces
      } else {
        const type = chunk[at] as number
        const length = readLength(chunk, at + 1) - 4
        const isRow = this.#copying && type === COPY_DATA && length >= 0
        if (isRow !== this.#inRow) cut(at)
        this.#inRow = isRow
        if (isRow && length === 0) {
          // pg_dump writes no empty piece: that would be the end of the block.
          cut(at)
          done = at + HEADER_BYTES
        } else if (isRow) {
          chunk[at] = 0
          writeLength(chunk, at + 1, length)
        } else this.#seeMessage(type, length)
        this.#missing = length
        at += HEADER_BYTES
      }
    }
    cut(chunk.length)
    return pieces
  }

  #seeMessage(type: number, length: number): void {
    this.#lost = length < 0 || !isMessageType(type)
    this.#beginning = type === COPY_OUT_RESPONSE
    if (!ASYNCHRONOUS.includes(type)) this.#copying = false
  }
}

// By hand, since there is one for each row, and Buffer looks at its arguments every time.
function readLength(chunk: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = [chunk[at], chunk[at + 1], chunk[at + 2], chunk[at + 3]]
  return a * 0x100_0000 + ((b << 16) | (c << 8) | d)
}

function writeLength(chunk: Uint8Array, at: number, length: number): void {
  chunk[at] = length
  chunk[at + 1] = length >>> 8
  chunk[at + 2] = length >>> 16
  chunk[at + 3] = length >>> 24
}

/** Letters, and 1 to 3. */
function isMessageType(type: number): boolean {
  return (type >= 0x41 && type <= 0x5a) || (type >= 0x61 && type <= 0x7a) || (type >= 0x31 && type <= 0x33)
}

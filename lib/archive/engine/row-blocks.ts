/** About what a core's own cache holds: what one step wrote, the next reads from there. */
const BLOCK_BYTES = 256 << 10
/** Of those that wait to be filled again. */
const MOST_SPARE = 8

/**
 * Gathers rows, which come in pieces of a few kilobytes, into blocks: a hundredth of the steps for whoever takes them.
 * A block that is given back is filled again, so that no garbage is left behind.
 */
export class RowBlocks {
  readonly #spare: Uint8Array<ArrayBuffer>[] = []
  #block: Uint8Array<ArrayBuffer> | undefined
  #filled = 0

  /** Takes a copy of the rows, and returns the blocks that are full now. */
  add(rows: Uint8Array): Uint8Array[] {
    const full: Uint8Array[] = []
    for (let done = 0; done < rows.length;) {
      this.#block ??= this.#spare.pop() ?? new Uint8Array(new ArrayBuffer(BLOCK_BYTES))
      const count = Math.min(rows.length - done, BLOCK_BYTES - this.#filled)
      this.#block.set(done === 0 && count === rows.length ? rows : rows.subarray(done, done + count), this.#filled)
      this.#filled += count
      done += count
      if (this.#filled === BLOCK_BYTES) full.push(...this.end())
    }
    return full
  }

  /** What was gathered and fills no block. */
  end(): Uint8Array[] {
    if (this.#block === undefined) return []
    const block = this.#block.subarray(0, this.#filled)
    this.#block = undefined
    this.#filled = 0
    return [block]
  }

  /** The block is nobody's any more. */
  giveBack({ buffer }: Uint8Array): void {
    if (buffer instanceof ArrayBuffer && buffer.byteLength === BLOCK_BYTES && this.#spare.length < MOST_SPARE) {
      this.#spare.push(new Uint8Array(buffer))
    }
  }
}

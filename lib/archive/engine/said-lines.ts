/** What a program wrote to stderr, of which only the end is kept: it holds the error, and may follow any number of warnings. */
export class SaidLines {
  #text = ''

  add(bytes: Uint8Array): void {
    const all = this.#text + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
    this.#text = all.length > MOST_KEPT ? all.slice(-MOST_KEPT) : all
  }

  lines(): string[] {
    return this.#text.split('\n').filter((line) => line !== '')
  }
}

const MOST_KEPT = 64 << 10

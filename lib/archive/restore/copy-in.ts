// The rows of one table into the server: COPY FROM STDIN, with its end mark taken off.
import type pg from 'pg'
import { from as copyFrom, type CopyStreamQuery } from 'pg-copy-streams'
import { corrupt } from '../corrupt.ts'
import { COPY_END, RowCounter } from '../format/copy-text.ts'

export class CopyIn {
  readonly #stream: CopyStreamQuery
  readonly #counter = new RowCounter()
  #held: Buffer = Buffer.alloc(0)
  #error: Error | undefined
  #underway: Promise<void> = Promise.resolve()
  #wake: (error: Error) => void = () => {}

  /** `statement` as the archive has it: `COPY … FROM stdin;`. */
  constructor(client: pg.Client, statement: string) {
    this.#stream = client.query(copyFrom(statement))
    this.#stream.on('error', (error: Error) => {
      this.#error ??= error
      this.#wake(this.#error)
    })
  }

  /**
   * Resolves when the server may be given more: it works on these bytes while the next are read, so they must stay as they are. What it
   * says against them is thrown by the next call.
   */
  async write(bytes: Buffer): Promise<void> {
    this.#counter.add(bytes, 0, bytes.length)
    if (bytes.length < COPY_END.length) {
      this.#held = Buffer.concat([this.#held, bytes])
      const sent = Math.max(0, this.#held.length - COPY_END.length)
      await this.#send(this.#held.subarray(0, sent))
      this.#held = this.#held.subarray(sent)
      return
    }
    // Never joined with what was held: that would be a copy of it all.
    await this.#send(this.#held)
    await this.#send(bytes.subarray(0, -COPY_END.length))
    this.#held = Buffer.from(bytes.subarray(-COPY_END.length))
  }

  async #send(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return
    await this.#underway
    this.#underway = this.#settled((done) => this.#stream.write(bytes, done))
    // Whoever comes next is told.
    this.#underway.catch(() => {})
  }

  /** Ends the COPY and gives the number of rows. Throws `archive.corrupt` where the server took others than the archive has. */
  async finish(name: string): Promise<number> {
    const expected = this.#counter.rows()
    if (expected === null) throw corrupt(`the rows of ${name} lack their end mark`)
    await this.#underway
    await this.#settled((done) => this.#stream.end(done))
    if (this.#stream.rowCount !== expected) {
      throw corrupt(`the server took ${this.#stream.rowCount} rows of ${name}, the archive has ${expected}`)
    }
    return expected
  }

  /** Gives up: the server forgets the rows. */
  async cancel(): Promise<void> {
    if (this.#stream.destroyed || this.#error !== undefined) return
    await new Promise<void>((resolve) => {
      this.#stream.once('close', resolve)
      this.#stream.destroy()
    })
  }

  /** The stream says some of its errors only as an event, and then never answers the call. */
  async #settled(call: (done: (error?: Error | null) => void) => void): Promise<void> {
    if (this.#error !== undefined) throw this.#error
    await new Promise<void>((resolve, reject) => {
      this.#wake = reject
      call((error) => (error ? reject(error) : resolve()))
    })
  }
}

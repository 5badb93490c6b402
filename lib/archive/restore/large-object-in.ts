// The bytes of large objects into the server, which has them already, empty.
import type pg from 'pg'

/** Enough to make round trips cheap; as hexadecimal text it doubles on the wire. */
const PIECE = 256 * 1024

export class LargeObjectIn {
  readonly #client: pg.Client
  #oid = 0
  #offset = 0
  #waiting: Buffer[] = []
  #waitingBytes = 0
  /** How many were opened. */
  objects = 0

  constructor(client: pg.Client) {
    this.#client = client
  }

  /** What is written from now on belongs to this one. */
  async open(oid: number): Promise<void> {
    await this.#flush()
    this.objects++
    this.#oid = oid
    this.#offset = 0
  }

  async write(bytes: Buffer): Promise<void> {
    this.#waiting.push(bytes)
    this.#waitingBytes += bytes.length
    if (this.#waitingBytes >= PIECE) await this.#flush()
  }

  async close(): Promise<void> {
    await this.#flush()
  }

  async #flush(): Promise<void> {
    if (this.#waitingBytes === 0) return
    const bytes = Buffer.concat(this.#waiting)
    this.#waiting = []
    this.#waitingBytes = 0
    await this.#client.query(
      'SELECT pg_catalog.lo_put($1::pg_catalog.oid, $2::pg_catalog.int8, $3::pg_catalog.bytea)',
      [this.#oid, this.#offset, bytes],
    )
    this.#offset += bytes.length
  }
}

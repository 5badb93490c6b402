import { COUNTER, distance, offsetOf, openChannel, OUTPUT_WINDOW_BYTES, RING_BYTES } from './worker-channel.ts'

export type Tell = {
  /** There is room in the ring again. */
  room: () => void
  /** libpq waits for the rows of a COPY. */
  copying: () => void
}

/** The worker's end of the channel, which blocks. */
export class ChannelReader {
  readonly #counters: Int32Array
  readonly #ring: Uint8Array
  readonly #tell: Tell
  #gave = false
  #copies = 0
  #produced = 0

  constructor(channel: SharedArrayBuffer, tell: Tell) {
    const { counters, ring } = openChannel(channel)
    this.#counters = counters
    this.#ring = ring
    this.#tell = tell
  }

  /**
   * Moves bytes of the server to `into` at `at`, at most `most`, and returns their number. It waits when there are none, but
   * answers 0 once after having given some: libpq's pqReadData (fe-misc.c) reads on when its buffer is well filled and expects a
   * socket that does not block, so a wait there would be for ever. At the end it always answers 0, which libpq takes as closed.
   */
  read(into: Uint8Array, at: number, most: number): number {
    for (;;) {
      // In this order: what comes after this look changes `news`, and then the wait below ends at once.
      const news = Atomics.load(this.#counters, COUNTER.news)
      const ended = Atomics.load(this.#counters, COUNTER.ended) === 1
      const read = Atomics.load(this.#counters, COUNTER.read)
      const count = Math.min(distance(read, Atomics.load(this.#counters, COUNTER.written)), most)
      if (count > 0) {
        this.#move(read, count, into, at)
        this.#gave = true
        return count
      }
      if (ended) return 0
      if (this.#gave) {
        this.#gave = false
        return 0
      }
      // Only here has libpq understood all that it was given.
      if (Atomics.load(this.#counters, COUNTER.copies) !== this.#copies) {
        this.#copies = (this.#copies + 1) | 0
        this.#tell.copying()
        continue
      }
      Atomics.add(this.#counters, COUNTER.waits, 1)
      Atomics.wait(this.#counters, COUNTER.news, news)
      Atomics.add(this.#counters, COUNTER.waits, 1)
    }
  }

  /** Waits until the consumer has taken enough for that many more bytes of output. */
  waitForConsumer(bytes: number): void {
    for (;;) {
      const taken = Atomics.load(this.#counters, COUNTER.taken)
      if (distance(taken, this.#produced) + bytes <= OUTPUT_WINDOW_BYTES) break
      Atomics.wait(this.#counters, COUNTER.taken, taken)
    }
    this.#produced = (this.#produced + bytes) | 0
  }

  #move(read: number, count: number, into: Uint8Array, at: number): void {
    const offset = offsetOf(read)
    const first = Math.min(count, RING_BYTES - offset)
    into.set(this.#ring.subarray(offset, offset + first), at)
    if (count > first) into.set(this.#ring.subarray(0, count - first), at + first)
    Atomics.store(this.#counters, COUNTER.read, (read + count) | 0)
    if (Atomics.load(this.#counters, COUNTER.wantsRoom) === 0) return
    // Half a ring at a time, so that the threads do not wake each other for every read.
    const left = distance(read + count, Atomics.load(this.#counters, COUNTER.written))
    if (left <= RING_BYTES / 2 && Atomics.exchange(this.#counters, COUNTER.wantsRoom, 0) === 1) this.#tell.room()
  }
}

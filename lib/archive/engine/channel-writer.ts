import { COUNTER, distance, offsetOf, openChannel, RING_BYTES } from './worker-channel.ts'

/** The main thread's end of the channel, which never blocks. */
export class ChannelWriter {
  readonly #counters: Int32Array
  readonly #ring: Uint8Array

  constructor(channel: SharedArrayBuffer) {
    const { counters, ring } = openChannel(channel)
    this.#counters = counters
    this.#ring = ring
  }

  /** Puts as many of the bytes as fit into the ring and returns their number. When not all fit, `room` will be posted. */
  write(bytes: Uint8Array): number {
    const written = Atomics.load(this.#counters, COUNTER.written)
    let free = this.#free(written)
    if (free < bytes.length) {
      // Asked for before looking again, since the worker may just have made room without telling.
      Atomics.store(this.#counters, COUNTER.wantsRoom, 1)
      free = this.#free(written)
    }
    const count = Math.min(free, bytes.length)
    const offset = offsetOf(written)
    const first = Math.min(count, RING_BYTES - offset)
    this.#ring.set(bytes.subarray(0, first), offset)
    if (count > first) this.#ring.set(bytes.subarray(first, count), 0)
    Atomics.store(this.#counters, COUNTER.written, (written + count) | 0)
    this.#tell()
    return count
  }

  /** A COPY begins, whose rows do not come this way. */
  beginCopy(): void {
    Atomics.add(this.#counters, COUNTER.copies, 1)
    this.#tell()
  }

  /** No more bytes will come. */
  end(): void {
    Atomics.store(this.#counters, COUNTER.ended, 1)
    this.#tell()
  }

  /** The consumer has taken that many bytes of output. */
  take(bytes: number): void {
    Atomics.add(this.#counters, COUNTER.taken, bytes)
    Atomics.notify(this.#counters, COUNTER.taken)
  }

  /** See {@link COUNTER}. */
  waits(): number {
    return Atomics.load(this.#counters, COUNTER.waits)
  }

  #tell(): void {
    Atomics.add(this.#counters, COUNTER.news, 1)
    Atomics.notify(this.#counters, COUNTER.news)
  }

  #free(written: number): number {
    return RING_BYTES - distance(Atomics.load(this.#counters, COUNTER.read), written)
  }
}

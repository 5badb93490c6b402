// What the server sends, handed on without memory of its own for each read: making that, and clearing it away, took a tenth of a backup's CPU.
import type { OnReadOpts, Socket } from 'node:net'
import { giveBack } from '../give-back.ts'

/** Takes bytes that are only lent, until it returns. True: rows are streaming, and more are on their way. */
export type TakeLent = (bytes: Uint8Array) => boolean

/** About what the kernel keeps for a local socket. */
const READ_BYTES = 256 << 10
/** Postgres sends rows in pieces of this size: PQ_SEND_BUFFER_SIZE, pqcomm.c. */
const SERVER_SENDS_BYTES = 8 << 10
/** So much at once, and reading it costs little beside what is done with it. */
const ENOUGH_BYTES = 128 << 10
/** From one read to the next: a quick server fills half of what the kernel keeps, so that it never waits for us. */
const BETWEEN_READS_MS = 0.5
/** Less is not worth going to sleep: the kernel adds as much. */
const SHORTEST_NAP_MS = 0.05
/** Less than a message's header: so much beside a read, and nothing else lies in its memory. */
const SLACK_BYTES = 4

/** All that a socket reads comes into one buffer, again and again. For sockets over which no TLS runs. */
export class OneBuffer {
  #take: TakeLent | undefined
  readonly #early: Uint8Array[] = []
  /** For `net.connect`. */
  readonly onread: OnReadOpts = {
    buffer: new Uint8Array(READ_BYTES),
    callback: (count, buffer) => {
      this.#receive(buffer.subarray(0, count))
      return true
    },
  }

  /** From now on, and what came before. */
  handTo(take: TakeLent): void {
    this.#take = take
    for (const bytes of this.#early.splice(0)) take(bytes)
  }

  #receive(bytes: Uint8Array): void {
    if (this.#take === undefined) {
      this.#early.push(Uint8Array.from(bytes))
      return
    }
    const next = performance.now() + BETWEEN_READS_MS
    const streaming = this.#take(bytes)
    // Once all that can be done with these bytes is done: work put off would be in the way when a frame is compressed.
    if (streaming && bytes.length >= SERVER_SENDS_BYTES && bytes.length < ENOUGH_BYTES) setImmediate(napUntil, next)
  }
}

/** For any other socket: Node makes new memory for each read, which is given back at once. */
export function handReads(socket: Socket, take: TakeLent): void {
  socket.on('data', (bytes: Buffer) => {
    take(bytes)
    giveBack(bytes, SLACK_BYTES)
  })
}

const never = new Int32Array(new SharedArrayBuffer(4))

/**
 * Otherwise the thread is woken for every 8 KB, which costs it and the server more than the rows themselves. A timer of Node's takes
 * twice as long at best, and by then the server would have stopped.
 */
function napUntil(next: number): void {
  const nap = next - performance.now()
  if (nap > SHORTEST_NAP_MS) Atomics.wait(never, 0, 0, nap)
}

// What the main thread and the worker of pg_dump share: a ring with the server's bytes, a few counters, and their messages.

/** To the worker, once. The password travels here, never on a command line. */
export type WorkerOrder = {
  channel: SharedArrayBuffer
  arguments: string[]
  password: string | undefined
}

/** From the worker. `output` buffers are transferred, not copied. */
export type WorkerMessage =
  | { type: 'send'; bytes: Uint8Array<ArrayBuffer> }
  | { type: 'output'; bytes: Uint8Array<ArrayBuffer> }
  | { type: 'said'; line: string }
  /** The ring is half empty again, after a write that did not fit. */
  | { type: 'room' }
  /** libpq waits for the rows of a COPY, and all that pg_dump wrote before them is here. */
  | { type: 'copying' }
  | { type: 'exit'; status: number; written: number }

/** Bytes from the server that pg_dump has not read yet. */
export const RING_BYTES = 1 << 20
/** Bytes of output that the consumer has not taken yet: there the worker stops. */
export const OUTPUT_WINDOW_BYTES = 4 << 20
/** Output goes over in pieces of this size. */
export const OUTPUT_CHUNK_BYTES = 256 << 10

/** Places of the counters. Positions are counts of bytes modulo 2^32, and each has one writer. */
export const COUNTER = {
  /** Bytes put into the ring. */
  written: 0,
  /** Bytes taken out of the ring. */
  read: 1,
  /** 1: no more bytes will come. */
  ended: 2,
  /** Changes with `written` and `ended`; what the worker sleeps on. */
  news: 3,
  /** Odd while pg_dump waits for the server; changes whenever a wait begins or ends. */
  waits: 4,
  /** 1: the main thread wants to be told of room in the ring; both set it. */
  wantsRoom: 5,
  /** Bytes of output that the consumer has taken. */
  taken: 6,
  /** COPYs whose CopyOutResponse is in the ring: the rows do not come this way. */
  copies: 7,
} as const

const HEAD_BYTES = 64

export function createChannel(): SharedArrayBuffer {
  return new SharedArrayBuffer(HEAD_BYTES + RING_BYTES)
}

export function openChannel(channel: SharedArrayBuffer): { counters: Int32Array; ring: Uint8Array } {
  return { counters: new Int32Array(channel, 0, HEAD_BYTES / 4), ring: new Uint8Array(channel, HEAD_BYTES) }
}

/** From one position to a later one, in bytes. */
export function distance(from: number, to: number): number {
  return (to - from) >>> 0
}

/** Where in the ring a position is. */
export function offsetOf(position: number): number {
  return (position >>> 0) % RING_BYTES
}

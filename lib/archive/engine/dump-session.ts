// One run of pg_dump: its worker, its socket, and the bytes between them and the consumer.
import { Worker } from 'node:worker_threads'
import { RaingaugeError } from '../../error.ts'
import { describeTarget, type Target } from '../../postgres/target.ts'
import type { Secret } from '../../secret.ts'
import { cancelBackend } from './cancel-backend.ts'
import { ChannelWriter } from './channel-writer.ts'
import type { ServerSocket } from './connect-server.ts'
import { CopyTap, type Piece } from './copy-tap.ts'
import { DUMPING, explainDumpError } from './explain-dump-error.ts'
import { RowBlocks } from './row-blocks.ts'
import { lastServerError } from './server-error.ts'
import { stallWatch } from './stall-watch.ts'
import { startupFilter, type StartupFilter } from './startup-filter.ts'
import { createChannel, type WorkerMessage, type WorkerOrder } from './worker-channel.ts'

export type SessionOptions = {
  target: Target
  password: Secret | undefined
  arguments: string[]
  stallTimeoutMs: number
  lend: boolean
  /** Called once, when the server is ready for queries. */
  ready: () => void
}

/** Enough for any error of the server: its longest part is the query, which it does not repeat whole. */
const TAIL_BYTES = 64 << 10
const LINES_KEPT = 50
const LINE_LENGTH_KEPT = 2_000
const GOODBYE_MS = 2_000
/** Rows that the consumer has not taken yet: there the socket stops. */
const ROWS_WINDOW_BYTES = 2 << 20

export class DumpSession {
  readonly #options: SessionOptions
  readonly #socket: ServerSocket['socket']
  readonly #worker: Worker
  readonly #writer: ChannelWriter
  readonly #startup: StartupFilter
  readonly #stallTimer: NodeJS.Timeout
  readonly #tap = new CopyTap()
  readonly #blocks = new RowBlocks()
  readonly #output: { bytes: Uint8Array; kind: 'pg_dump' | 'rows' }[] = []
  readonly #said: string[] = []
  /** What came from the server and has no room yet. */
  #pending: Piece[] = []
  /** A COPY has begun, and pg_dump has not yet written out what belongs before its rows. */
  #beginning = false
  /** Rows that the consumer has, until it asks for more. */
  #lent: Uint8Array | undefined
  /** Bytes of rows in `#output`. */
  #rowBytes = 0
  /** The last that the server sent besides rows, for the error in it. */
  #tail: Uint8Array[] = []
  #received = 0
  #socketError: Error | undefined
  #ready = false
  #closed = false
  #exited = false
  #delivered = 0
  #end: { error: unknown } | 'complete' | undefined
  #wake: () => void = () => {}

  constructor({ socket, secure, read }: ServerSocket, options: SessionOptions) {
    const channel = createChannel()
    this.#options = options
    this.#socket = socket
    this.#startup = startupFilter(secure)
    this.#writer = new ChannelWriter(channel)
    this.#worker = startWorker({
      channel,
      arguments: options.arguments,
      password: options.password?.reveal(),
    })
    this.#watchSocket(read)
    this.#watchWorker()
    this.#stallTimer = this.#watchStall()
  }

  /** The next piece of the archive; undefined after the last. Throws what went wrong, as soon as it is known. */
  async next(): Promise<Uint8Array | undefined> {
    if (this.#lent !== undefined) this.#blocks.giveBack(this.#lent)
    this.#lent = undefined
    for (;;) {
      if (typeof this.#end === 'object') throw this.#end.error
      const next = this.#output.shift()
      if (next !== undefined) {
        this.#taken(next)
        return next.bytes
      }
      if (this.#end === 'complete') return undefined
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** Ends it with this error, unless it has ended already. */
  fail(error: unknown): void {
    this.#settle({ error })
  }

  /** Ends the worker and the session on the server. Safe in every state, never throws. */
  async close(): Promise<void> {
    clearInterval(this.#stallTimer)
    const backendKey = this.#startup.backendKey()
    const cut = !this.#exited && !this.#socket.closed && backendKey !== undefined
    await this.#worker.terminate()
    // After its own exit pg_dump has said goodbye to the server: let that out.
    if (this.#exited) this.#socket.destroySoon()
    else this.#socket.destroy()
    if (cut) {
      // Without this, a backend that is not just sending would go on until it is. When even a cancel does not get through,
      // the server is out of reach, and ends the session by its own timeouts.
      await cancelBackend(this.#options.target, backendKey, AbortSignal.timeout(GOODBYE_MS)).catch(() => {})
    }
  }

  #settle(end: { error: unknown } | 'complete'): void {
    this.#end ??= end
    this.#wake()
  }

  #watchSocket(read: ServerSocket['read']): void {
    read((bytes) => this.#receive(bytes))
    this.#socket
      .on('error', (error: Error) => {
        this.#socketError ??= error
      })
      // Also after an error: libpq then says what it was in the middle of, and pg_dump exits.
      .on('close', () => {
        this.#closed = true
        this.#feed()
      })
      .resume()
  }

  /** The bytes are only lent. True: more rows are on their way. */
  #receive(bytes: Uint8Array): boolean {
    this.#received += bytes.length
    if (this.#ready) this.#gather(this.#tap.push(bytes))
    else {
      this.#pending.push({ kind: 'message', bytes: Uint8Array.from(this.#startup.push(bytes)) })
      this.#ready = this.#startup.done()
      if (this.#ready) this.#options.ready()
    }
    this.#feed()
    return this.#tap.copying()
  }

  /** Rows wait for a whole block of them, or for what comes after them. Nothing that is only lent is kept. */
  #gather(pieces: readonly Piece[]): void {
    for (const piece of pieces) {
      const blocks = piece.kind === 'rows' ? this.#blocks.add(piece.bytes) : this.#blocks.end()
      this.#pending.push(...blocks.map((bytes) => ({ kind: 'rows', bytes }) as const))
      if (piece.kind === 'message') this.#pending.push({ kind: 'message', bytes: Uint8Array.from(piece.bytes) })
      else if (piece.kind === 'copy-begins') this.#pending.push(piece)
    }
  }

  /** Hands on what came from the server, each piece where it belongs, and stops the server where there is no room. */
  #feed(): void {
    for (;;) {
      const [piece] = this.#pending
      if (piece === undefined) break
      if (!this.#handOn(piece)) {
        this.#socket.pause()
        return
      }
      this.#pending.shift()
    }
    if (this.#closed) this.#writer.end()
    else if (this.#socket.isPaused()) this.#socket.resume()
  }

  #handOn(piece: Piece): boolean {
    if (this.#beginning) return false
    switch (piece.kind) {
      case 'message': {
        const count = this.#writer.write(piece.bytes)
        if (count < piece.bytes.length) {
          piece.bytes = piece.bytes.subarray(count)
          return false
        }
        this.#remember(piece.bytes)
        return true
      }
      case 'copy-begins':
        this.#beginning = true
        this.#writer.beginCopy()
        return true
      case 'rows':
        if (this.#rowBytes >= ROWS_WINDOW_BYTES) return false
        this.#rowBytes += piece.bytes.length
        this.#output.push(piece)
        this.#wake()
        return true
      default:
        return piece satisfies never
    }
  }

  #taken({ bytes, kind }: { bytes: Uint8Array; kind: 'pg_dump' | 'rows' }): void {
    if (kind === 'pg_dump') this.#writer.take(bytes.length)
    else {
      this.#rowBytes -= bytes.length
      if (this.#options.lend) this.#lent = bytes
      // Half a window at a time, so that the socket does not stop and go with every chunk.
      if (this.#pending.length > 0 && this.#rowBytes <= ROWS_WINDOW_BYTES / 2) this.#feed()
    }
  }

  #remember(bytes: Uint8Array): void {
    this.#tail.push(bytes)
    while (this.#tail.length > 1 && sizeOf(this.#tail.slice(1)) >= TAIL_BYTES) this.#tail.shift()
  }

  #watchWorker(): void {
    this.#worker
      .on('message', (message: WorkerMessage) => this.#hear(message))
      .on('error', (cause: Error) => this.fail(this.#broken(cause)))
      .on('exit', () => this.fail(this.#broken(new Error('its thread ended'))))
  }

  #hear(message: WorkerMessage): void {
    switch (message.type) {
      case 'send':
        if (this.#socket.writable) this.#socket.write(message.bytes)
        return
      case 'output':
        this.#delivered += message.bytes.length
        this.#output.push({ bytes: message.bytes, kind: 'pg_dump' })
        this.#wake()
        return
      case 'copying':
        this.#beginning = false
        this.#feed()
        return
      case 'said':
        this.#said.push(message.line.slice(0, LINE_LENGTH_KEPT))
        if (this.#said.length > LINES_KEPT) this.#said.shift()
        return
      case 'room':
        this.#feed()
        return
      case 'exit':
        this.#exited = true
        this.#settle(this.#judge(message.status, message.written))
        return
      default:
        message satisfies never
    }
  }

  #judge(status: number, written: number): { error: unknown } | 'complete' {
    if (status === 0 && written === this.#delivered) return 'complete'
    const failure = {
      said: status === 0 ? [`${written} bytes were written and ${this.#delivered} arrived`] : this.#said,
      status,
      serverError: status === 0 ? undefined : lastServerError(Buffer.concat(this.#tail)),
      socketError: this.#socketError,
    }
    return { error: explainDumpError(failure, this.#options.target) }
  }

  #broken(cause: Error): RaingaugeError {
    const place = `${DUMPING} at ${describeTarget(this.#options.target)}`
    return new RaingaugeError('dump.failed', `${place}: pg_dump (WebAssembly) broke: ${cause.message}`, { cause })
  }

  #watchStall(): NodeJS.Timeout {
    const { stallTimeoutMs, target } = this.#options
    const isStalled = stallWatch(stallTimeoutMs)
    const look = () => {
      const pulse = { waits: this.#writer.waits(), received: this.#received, held: this.#pending.length > 0 }
      if (!isStalled(pulse, performance.now())) return
      this.fail(
        new RaingaugeError(
          'dump.stalled',
          `${DUMPING} at ${describeTarget(target)}: the server sent nothing for ${stallTimeoutMs / 1000} s`,
          { remedy: 'look at the load on the server and at the network between' },
        ),
      )
    }
    return setInterval(look, Math.min(1_000, stallTimeoutMs / 4))
  }
}

/** In a checkout the TypeScript itself, in the package what it was compiled to, in a bundle what the esbuild plugin puts beside it. */
function startWorker(order: WorkerOrder): Worker {
  const file = `./dump-worker${/\/dump-session(?<kind>\.[jt]s)$/.exec(import.meta.url)?.groups?.['kind'] ?? '.mjs'}`
  // Nothing of this process's environment or arguments concerns it.
  return new Worker(new URL(file, import.meta.url), { workerData: order, env: {}, execArgv: [], name: 'pg_dump' })
}

function sizeOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0)
}

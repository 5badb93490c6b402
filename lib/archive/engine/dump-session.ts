// One run of pg_dump: its worker, its socket, and the bytes between them and the consumer.
import { Worker } from 'node:worker_threads'
import { RaingaugeError } from '../../error.ts'
import { describeTarget, type Target } from '../../postgres/target.ts'
import { cancelBackend } from './cancel-backend.ts'
import { ChannelWriter } from './channel-writer.ts'
import type { ServerSocket } from './connect-server.ts'
import { DUMPING, explainDumpError } from './explain-dump-error.ts'
import { lastServerError } from './server-error.ts'
import { stallWatch } from './stall-watch.ts'
import { startupFilter, type StartupFilter } from './startup-filter.ts'
import { createChannel, type WorkerMessage, type WorkerOrder } from './worker-channel.ts'

export type SessionOptions = {
  target: Target
  arguments: string[]
  stallTimeoutMs: number
  /** Called once, when the server is ready for queries. */
  ready: () => void
}

/** Enough for any error of the server: its longest part is the query, which it does not repeat whole. */
const TAIL_BYTES = 64 << 10
const LINES_KEPT = 50
const LINE_LENGTH_KEPT = 2_000
const GOODBYE_MS = 2_000

export class DumpSession {
  readonly #options: SessionOptions
  readonly #socket: ServerSocket['socket']
  readonly #worker: Worker
  readonly #writer: ChannelWriter
  readonly #startup: StartupFilter
  readonly #stallTimer: NodeJS.Timeout
  readonly #output: Uint8Array[] = []
  readonly #said: string[] = []
  /** Bytes of the server that the ring had no room for. */
  #pending: Uint8Array[] = []
  /** The last that the server sent, for the error in it. */
  #tail: Uint8Array[] = []
  #received = 0
  #socketError: Error | undefined
  #ready = false
  #closed = false
  #exited = false
  #delivered = 0
  #end: { error: unknown } | 'complete' | undefined
  #wake: () => void = () => {}

  constructor({ socket, secure }: ServerSocket, options: SessionOptions) {
    const channel = createChannel()
    this.#options = options
    this.#socket = socket
    this.#startup = startupFilter(secure)
    this.#writer = new ChannelWriter(channel)
    this.#worker = startWorker({
      channel,
      arguments: options.arguments,
      password: options.target.password?.reveal(),
    })
    this.#watchSocket()
    this.#watchWorker()
    this.#stallTimer = this.#watchStall()
  }

  /** The next piece of the archive; undefined after the last. Throws what went wrong, as soon as it is known. */
  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      if (typeof this.#end === 'object') throw this.#end.error
      const bytes = this.#output.shift()
      if (bytes !== undefined) {
        this.#writer.take(bytes.length)
        return bytes
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

  #watchSocket(): void {
    this.#socket
      .on('data', (bytes: Buffer) => this.#receive(bytes))
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

  #receive(bytes: Buffer): void {
    this.#received += bytes.length
    this.#tail.push(bytes)
    while (this.#tail.length > 1 && sizeOf(this.#tail.slice(1)) >= TAIL_BYTES) this.#tail.shift()
    const passed = this.#startup.push(bytes)
    if (!this.#ready && this.#startup.done()) {
      this.#ready = true
      this.#options.ready()
    }
    this.#pending.push(passed)
    this.#feed()
  }

  #feed(): void {
    for (;;) {
      const [bytes] = this.#pending
      if (bytes === undefined) break
      const count = this.#writer.write(bytes)
      if (count === bytes.length) this.#pending.shift()
      else {
        this.#pending[0] = bytes.subarray(count)
        this.#socket.pause()
        return
      }
    }
    if (this.#closed) this.#writer.end()
    else if (this.#socket.isPaused()) this.#socket.resume()
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
        this.#output.push(message.bytes)
        this.#wake()
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
      if (!isStalled({ waits: this.#writer.waits(), received: this.#received }, performance.now())) return
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

/** In a checkout the TypeScript itself, in a bundle what the esbuild plugin puts beside it. */
function startWorker(order: WorkerOrder): Worker {
  const file = import.meta.url.endsWith('.ts') ? './dump-worker.ts' : './dump-worker.mjs'
  // Nothing of this process's environment or arguments concerns it.
  return new Worker(new URL(file, import.meta.url), { workerData: order, env: {}, execArgv: [], name: 'pg_dump' })
}

function sizeOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0)
}

// The worker thread in which pg_dump runs as WebAssembly. It blocks where a process would; the main thread owns the socket.
import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import type { PgDumpModule } from 'raingauge:pg-dump'
import { ChannelReader } from './channel-reader.ts'
import { registerPgDump } from './register-pg-dump.ts'
import { withoutTierUp } from './without-tier-up.ts'
import { OUTPUT_CHUNK_BYTES, type WorkerMessage, type WorkerOrder } from './worker-channel.ts'

/** Only a name: nothing is stored there. */
const OUTPUT_PATH = '/archive'
/** musl's number, which Emscripten uses: not seekable. */
const ESPIPE = 70

const order = workerData as WorkerOrder
const channel = new ChannelReader(order.channel, {
  room: () => post({ type: 'room' }),
  copying() {
    // What pg_dump has written may still be in its buffer, and belongs before the rows.
    pgDump._fflush(0)
    flush()
    post({ type: 'copying' })
  },
})
let chunk = new Uint8Array(OUTPUT_CHUNK_BYTES)
let filled = 0
let written = 0
let status: number | undefined

registerPgDump()
const { createPgDump, wasmUrl } = await import('raingauge:pg-dump')
const pgDump = await withoutTierUp(() =>
  createPgDump({
    thisProgram: 'pg_dump',
    noExitRuntime: false,
    wasmBinary: readFileSync(wasmUrl),
    print: (line) => post({ type: 'said', line }),
    printErr: (line) => post({ type: 'said', line }),
    onExit(exited) {
      status = exited
    },
    preRun: [
      (module) => {
        Object.assign(module.ENV, { HOME: '/', USER: 'postgres', LOGNAME: 'postgres', PGPASSWORD: order.password })
      },
    ],
  }),
)
connectToChannel(pgDump)
streamOutput(pgDump)
pgDump.callMain([...order.arguments, `--file=${OUTPUT_PATH}`])
flush()
// Without a word from exit() it did not end, but was cut short.
if (status === undefined) throw new Error('it ended without an exit status')
post({ type: 'exit', status, written })

function connectToChannel(module: PgDumpModule): void {
  // The heap is looked up each time: it is another one after the memory has grown.
  const read = module.addFunction((pointer, most) => channel.read(module.HEAPU8, pointer, most), 'iii')
  const write = module.addFunction((pointer, length) => {
    post({ type: 'send', bytes: module.HEAPU8.slice(pointer, pointer + length) })
    return length
  }, 'iii')
  module._pgl_set_rw_cbs(read, write)
}

/** Opening the output path gives a stream that hands its bytes on and cannot seek, so that pg_dump writes front to back. */
function streamOutput(module: PgDumpModule): void {
  const open = module.FS.open
  module.FS.open = (path, ...rest) => {
    const stream = open.call(module.FS, path, ...rest)
    if (path === OUTPUT_PATH) {
      stream.stream_ops = {
        ...stream.stream_ops,
        llseek() {
          throw new module.FS.ErrnoError(ESPIPE)
        },
        write(_stream, from, offset, length) {
          collect(from, offset, length)
          return length
        },
      }
    }
    return stream
  }
}

function collect(from: Uint8Array, offset: number, length: number): void {
  for (let done = 0; done < length;) {
    const count = Math.min(length - done, chunk.length - filled)
    chunk.set(from.subarray(offset + done, offset + done + count), filled)
    filled += count
    done += count
    if (filled === chunk.length) flush()
  }
}

function flush(): void {
  if (filled === 0) return
  channel.waitForConsumer(filled)
  post({ type: 'output', bytes: chunk.subarray(0, filled) }, [chunk.buffer])
  written += filled
  chunk = new Uint8Array(OUTPUT_CHUNK_BYTES)
  filled = 0
}

function post(message: WorkerMessage, transfer: ArrayBuffer[] = []): void {
  if (parentPort === null) throw new Error('dump-worker.ts runs only as a worker thread')
  parentPort.postMessage(message, transfer)
}

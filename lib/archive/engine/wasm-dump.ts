// pg_dump as WebAssembly, over Node's own socket: nothing to install, and TLS as Node does it.
import { RaingaugeError } from '../../error.ts'
import { passwordOf } from '../../postgres/password.ts'
import { describeTarget } from '../../postgres/target.ts'
import { connectServer } from './connect-server.ts'
import { moduleConninfo } from './conninfo.ts'
import { CONNECT_TIMEOUT_MS, dumpArguments, STALL_TIMEOUT_MS, type Dump, type DumpRequest } from './dump.ts'
import { DumpSession } from './dump-session.ts'
import { DUMPING } from './explain-dump-error.ts'
import { PG_DUMP_VERSION } from './pg-dump-module.ts'
import { refusePooled } from './refuse-pooled.ts'

/**
 * The dump of one database; see {@link Dump} for what its output promises. Rows go past libpq, so that neither the size of the
 * database nor that of its largest row is held in memory.
 */
export function wasmDump(request: DumpRequest): Dump {
  return { engine: 'wasm', engineVersion: PG_DUMP_VERSION, output: run(request), rowPieces: 'one' }
}

async function* run(request: DumpRequest): AsyncGenerator<Uint8Array, void, undefined> {
  const { target, signal } = request
  refusePooled(target)
  signal?.throwIfAborted()
  const stop = new AbortController()
  const cancel = () => stop.abort(signal?.reason)
  signal?.addEventListener('abort', cancel, { once: true })
  const deadline = setTimeout(() => stop.abort(tooSlow(request)), request.connectTimeoutMs ?? CONNECT_TIMEOUT_MS)
  try {
    const password = await passwordOf(target)
    const server = await connectServer(target, DUMPING, stop.signal)
    const session = new DumpSession(server, {
      target,
      password,
      arguments: [...dumpArguments(request), `--dbname=${moduleConninfo(target)}`],
      lend: request.lend ?? false,
      stallTimeoutMs: request.stallTimeoutMs ?? STALL_TIMEOUT_MS,
      ready: () => clearTimeout(deadline),
    })
    stop.signal.addEventListener('abort', () => session.fail(stop.signal.reason), { once: true })
    try {
      for (let bytes = await session.next(); bytes !== undefined; bytes = await session.next()) yield bytes
    } finally {
      await session.close()
    }
  } finally {
    clearTimeout(deadline)
    signal?.removeEventListener('abort', cancel)
  }
}

function tooSlow({ target, connectTimeoutMs = CONNECT_TIMEOUT_MS }: DumpRequest): RaingaugeError {
  return new RaingaugeError(
    'postgres.timeout',
    `${DUMPING} at ${describeTarget(target)}: no session after ${connectTimeoutMs / 1000} s`,
    { remedy: 'check network and firewall, the health of the server, and that this is its port' },
  )
}

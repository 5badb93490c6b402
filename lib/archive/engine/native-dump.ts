// A native pg_dump as a child process: the other engine, for servers newer than the packaged one.
import { spawn, type ChildProcess } from 'node:child_process'
import { RaingaugeError } from '../../error.ts'
import { passwordOf } from '../../postgres/password.ts'
import { describeTarget } from '../../postgres/target.ts'
import { CONNECT_TIMEOUT_MS, dumpArguments, STALL_TIMEOUT_MS, type Dump, type DumpRequest } from './dump.ts'
import { DUMPING, explainDumpError } from './explain-dump-error.ts'
import { nativeConninfo, nativeEnvironment } from './native-environment.ts'
import type { NativeProgram } from './native-program.ts'
import { refusePooled } from './refuse-pooled.ts'
import { SaidLines } from './said-lines.ts'

/** pg_dump cancels its query and leaves when asked to; this is how long it may take. */
const GOODBYE_MS = 2_000

/** How the process ended. */
type End = { status: number | null; signal: NodeJS.Signals | null }

/** The dump of one database by that program; see {@link Dump} for what its output promises. */
export function nativeDump(request: DumpRequest, program: NativeProgram): Dump {
  return { engine: 'native', engineVersion: program.version, output: run(request, program) }
}

async function* run(request: DumpRequest, program: NativeProgram): AsyncGenerator<Uint8Array, void, undefined> {
  const { target, signal } = request
  refusePooled(target)
  signal?.throwIfAborted()
  const conninfo = nativeConninfo(target, program.major, request.connectTimeoutMs ?? CONNECT_TIMEOUT_MS)
  const password = (await passwordOf(target))?.reveal()
  signal?.throwIfAborted()
  const child = spawn(program.path, [...dumpArguments(request), `--dbname=${conninfo}`], {
    env: nativeEnvironment(program.path, password),
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that whatever it starts ends with it.
    detached: true,
  })
  const said = new SaidLines()
  child.stderr.on('data', (bytes: Buffer) => said.add(bytes))
  const ended = new Promise<End>((resolve, reject) => {
    child.once('error', reject).once('close', (status, how) => resolve({ status, signal: how }))
  })
  ended.catch(() => {})
  const stop = new AbortController()
  stop.signal.addEventListener('abort', () => child.stdout.destroy(), { once: true })
  const cancel = () => stop.abort(signal?.reason)
  signal?.addEventListener('abort', cancel, { once: true })
  const stallTimeoutMs = request.stallTimeoutMs ?? STALL_TIMEOUT_MS
  const watch = () => setTimeout(() => stop.abort(stalled(request, stallTimeoutMs)), stallTimeoutMs)
  let stall = watch()
  try {
    for await (const bytes of readAll(child.stdout)) {
      // What the consumer does takes as long as it takes.
      clearTimeout(stall)
      yield bytes
      stall = watch()
    }
    stop.signal.throwIfAborted()
    const end = await ended.catch((cause: unknown) => {
      throw notStarted(program, cause)
    })
    stop.signal.throwIfAborted()
    if (end.status === 0) return
    const lines = end.signal === null ? said.lines() : [...said.lines(), `it was killed by ${end.signal}`]
    throw explainDumpError({ said: lines, status: end.status }, target)
  } finally {
    clearTimeout(stall)
    signal?.removeEventListener('abort', cancel)
    await endGroup(child, ended)
  }
}

/** Its output; a stream that is destroyed on our side just ends. */
async function* readAll(output: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* output
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE')) throw error
  }
}

async function endGroup(child: ChildProcess, ended: Promise<End>): Promise<void> {
  const { pid } = child
  child.stdout?.destroy()
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  killGroup(pid, 'SIGTERM')
  const patience = setTimeout(() => killGroup(pid, 'SIGKILL'), GOODBYE_MS)
  await ended.catch(() => {})
  clearTimeout(patience)
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    // ESRCH: all of them have ended already.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

function stalled({ target }: DumpRequest, limitMs: number): RaingaugeError {
  const place = `${DUMPING} at ${describeTarget(target)}`
  return new RaingaugeError('dump.stalled', `${place}: pg_dump wrote nothing for ${limitMs / 1000} s`, {
    remedy: 'look at the load on the server, at locks, and at the network between',
  })
}

function notStarted({ path }: NativeProgram, cause: unknown): RaingaugeError {
  return new RaingaugeError('dump.failed', `${path} could not be started`, {
    remedy: 'name the absolute path of a pg_dump in dump.program',
    cause,
  })
}

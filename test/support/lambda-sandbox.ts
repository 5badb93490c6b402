// Runs a bundle as Lambda would: see sandbox.sh for the room, runtime-api.ts for how events come. Where nobody can make such a room, plain processes.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { serverAccount } from '../../lib/scratch/server-account.ts'
import { descendantsOf, peakBytesOf } from './process-tree.ts'
import { startRuntimeApi, type Outcome } from './runtime-api.ts'

export type SandboxFunction = {
  /** Folder of the bundle. */
  asset: string
  handler: string
  memoryMb: number
  storageMb: number
  /** What the template sets. */
  variables: Readonly<Record<string, string>>
}

export type Sandbox = {
  /** Waits for the answer to one event. Rejects when the sandbox died before. */
  invoke: (event: unknown, remainingMs: number) => Promise<Outcome>
  /** Everything that was printed so far. */
  output: () => { stdout: string; stderr: string }
  /** What lies in the temp folder. */
  left: () => string[]
  /** Programs besides the runtime itself that run in it. */
  programs: () => string[]
  /** The most memory that all its processes had together at one time, rather too much than too little: shared pages count for each. */
  peakBytes: () => number
  /** Between two events, Lambda stops every process, and may let go on hours later. */
  freeze: () => void
  thaw: () => void
  /** At once, with all that runs in it. */
  kill: () => Promise<void>
}

/** Folder of runtime-client.mts or of another client, and the file in it to start. */
export type RuntimeClient = { folder: string; file: string }

const OWN_CLIENT: RuntimeClient = { folder: import.meta.dirname, file: 'runtime-client.mts' }
const SCRIPT = join(import.meta.dirname, 'sandbox.sh')
/** Lambda has the roots of RDS there. */
const CERTIFICATES = join(import.meta.dirname, 'tls', 'ca.crt')
const SAMPLE_MS = 20

let rooms: boolean | undefined

/** True where a room of its own can be made. Says on stderr that it cannot, so that a green run without it is seen for what it is. */
export function canMakeRooms(): boolean {
  if (rooms !== undefined) return rooms
  rooms = process.platform === 'linux' && spawnSync('unshare', ['--mount', '--pid', '--fork', 'true']).status === 0
  if (!rooms)
    process.stderr.write('\n*** only root on Linux can make a sandbox: bundles run as PLAIN PROCESSES here ***\n\n')
  return rooms
}

/** Starts the function with nothing to do yet. Whoever starts it kills it. */
export async function startSandbox(target: SandboxFunction, client: RuntimeClient = OWN_CLIENT): Promise<Sandbox> {
  const api = await startRuntimeApi()
  const folder = mkdtempSync(join(tmpdir(), 'raingauge-sandbox-'))
  const inRoom = canMakeRooms()
  const account = inRoom ? undefined : unprivilegedAccount(target.asset)
  if (account !== undefined) chownSync(folder, account.uid, account.gid)
  const places = inRoom
    ? { LAMBDA_TASK_ROOT: '/var/task', LAMBDA_RUNTIME_DIR: '/var/runtime' }
    : { LAMBDA_TASK_ROOT: target.asset, LAMBDA_RUNTIME_DIR: client.folder, TMPDIR: folder }
  const env = { ...lambdaVariables(target), ...places, AWS_LAMBDA_RUNTIME_API: api.address, ...target.variables }
  const [program = '', ...args] = inRoom
    ? roomCommand(folder, target, client)
    : [process.execPath, join(client.folder, client.file), target.handler]
  const child = spawn(program, args, { ...account, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'], env, detached: true })
  const printed = listen(child)
  let peak = 0
  const sampler = setInterval(() => (peak = Math.max(peak, peakBytesOf(child.pid))), SAMPLE_MS)
  const ended = new Promise<void>((resolve) => {
    child.once('close', (code, signal) => {
      clearInterval(sampler)
      api.abandon(new Error(`the sandbox ended (${signal ?? code}): ${printed.stderr}`))
      api.stop()
      resolve()
    })
  })
  const runtimes = ['unshare', 'sh', 'node', '']
  return {
    async invoke(event, remainingMs) {
      const outcome = await api.invoke(event, remainingMs)
      if (client === OWN_CLIENT) await printed.until(`END invocation/${outcome.requestId}\n`)
      return outcome
    },
    output: () => ({ stdout: printed.stdout, stderr: printed.stderr }),
    left: () => readdirSync(inRoom ? join('/proc', String(descendantsOf(child.pid)[1]), 'root', 'tmp') : folder),
    programs: () =>
      descendantsOf(child.pid)
        .map(nameOf)
        .filter((name) => !runtimes.includes(name)),
    peakBytes: () => peak,
    freeze: () => signalAll(child, 'SIGSTOP'),
    thaw: () => signalAll(child, 'SIGCONT'),
    async kill() {
      // Without a room there is no namespace that takes all with it.
      signalAll(child, 'SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function roomCommand(folder: string, { asset, storageMb, handler }: SandboxFunction, client: RuntimeClient): string[] {
  const { uid, gid } = serverAccount() ?? { uid: 65_534, gid: 65_534 }
  const mounts = [asset, client.folder, CERTIFICATES, process.execPath]
  const room = ['sh', SCRIPT, folder, ...mounts, String(storageMb), `${uid}:${gid}`]
  const command = ['/var/lang/bin/node', join('/var/runtime/client', client.file), handler]
  return ['unshare', '--mount', '--pid', '--fork', '--kill-child=SIGKILL', ...room, ...command]
}

/** Lambda Developer Guide, "Defined runtime environment variables". */
function lambdaVariables({ handler, memoryMb }: SandboxFunction): Record<string, string> {
  return {
    _HANDLER: handler,
    AWS_DEFAULT_REGION: 'eu-central-1',
    AWS_REGION: 'eu-central-1',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: 'test',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/test',
    AWS_LAMBDA_LOG_STREAM_NAME: '2026/11/22/[$LATEST]0123456789abcdef',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    AWS_SESSION_TOKEN: 'example',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
    LD_LIBRARY_PATH: '/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib',
  }
}

type Printed = { stdout: string; stderr: string; until: (text: string) => Promise<void> }

function listen(child: ChildProcess): Printed {
  const wanted = new Map<string, () => void>()
  const printed: Printed = {
    stdout: '',
    stderr: '',
    async until(text) {
      if (!printed.stdout.includes(text)) await new Promise<void>((resolve) => wanted.set(text, resolve))
    },
  }
  child.stdout?.on('data', (chunk: Buffer) => {
    printed.stdout += chunk.toString()
    for (const [text, resolve] of wanted) if (printed.stdout.includes(text)) resolve()
  })
  child.stderr?.on('data', (chunk: Buffer) => (printed.stderr += chunk.toString()))
  return printed
}

function signalAll(child: ChildProcess, signal: NodeJS.Signals): void {
  for (const pid of descendantsOf(child.pid)) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}

/** Of the program that it was started as: what it calls itself may be anything. Empty where it is gone. */
function nameOf(pid: number): string {
  const file = `/proc/${pid}/cmdline`
  return existsSync(file) ? basename(readFileSync(file, 'utf8').split('\0')[0] ?? '') : ''
}

/** Only root can become somebody else, and only somebody who can reach node and the code. */
function unprivilegedAccount(asset: string): { uid: number; gid: number } | undefined {
  return isReachable(process.execPath) && isReachable(asset) ? serverAccount() : undefined
}

function isReachable(path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false
    if (folder === dirname(folder)) return true
  }
}

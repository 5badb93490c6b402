// The programs of a Postgres server as child processes.
import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { GUARDIAN } from './guardian.ts'
import type { ServerAccount } from './server-account.ts'
import type { ServerBinaries } from './server-binaries.ts'

/** Where a server lives and who runs it. */
export type ServerHome = {
  binaries: ServerBinaries
  /** undefined: as ourselves. */
  account: ServerAccount | undefined
  /** Holds everything it writes. */
  folder: string
}

/** Runs one of the server's programs to its end. Throws what it says on stderr unless it exits with 0. */
export async function runProgram(home: ServerHome, name: string, words: string[]): Promise<void> {
  const { binaries, account, folder } = home
  const child = spawn(join(binaries.folder, 'bin', name), words, {
    ...account,
    cwd: folder,
    env: environment(binaries),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const complaints = collectComplaints(child)
  const status = await exitOf(child)
  if (status !== 0) throw new Error(`${name} exited with ${status}: ${complaints()}`)
}

/** Starts the server under its guardian: it ends, and its folder goes, when the pipe to it closes. */
export function launchServer(home: ServerHome, settings: Record<string, string>): ChildProcess {
  const { binaries, account, folder } = home
  const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const program = [join(binaries.folder, 'bin', 'postgres'), '-D', join(folder, 'data'), ...words]
  return launchGuarded(folder, program, { ...account, env: environment(binaries) })
}

/** Starts any server program under a guardian, which removes `folder` when it ends: see {@link GUARDIAN}. */
export function launchGuarded(
  folder: string,
  program: readonly string[],
  options: { uid?: number; gid?: number; env: NodeJS.ProcessEnv },
): ChildProcess {
  const child = spawn(
    '/bin/sh',
    ['-c', GUARDIAN, 'guardian', folder, ...program],
    // A process group of its own: Ctrl-C reaches us, and we end the server when we are done with it.
    { ...options, cwd: folder, stdio: ['pipe', 'ignore', 'pipe'], detached: true },
  )
  child.stdin?.on('error', () => {})
  child.unref()
  return child
}

/** Ends a server that {@link launchServer} started, and waits until it is gone. */
export async function endServer(child: ChildProcess): Promise<void> {
  child.ref()
  child.stdin?.end()
  await exitOf(child)
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  return await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
}

/** Keeps the last of what the program says on stderr. */
export function collectComplaints(child: ChildProcess): () => string {
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2_000)
  })
  return () => said.trim()
}

function environment(binaries: ServerBinaries): NodeJS.ProcessEnv {
  const libraries = join(binaries.folder, 'lib')
  return { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', LD_LIBRARY_PATH: libraries, DYLD_LIBRARY_PATH: libraries }
}

// A working copy of the project in a temp folder, which a test may spoil: what is watched is copied, what watches is linked.
import { spawn, type ChildProcess } from 'node:child_process'
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'
import { childEnvironment } from './run-folder.ts'

const COPIED = ['migrations', 'src', 'drizzle.config.ts', '.gitignore']
const LINKED = ['bin', 'lib', 'scripts', 'node_modules', 'package.json', 'tsconfig.json']

export type Outcome = { status: number | null; stdout: string; stderr: string }

/** The folder of a copy that is removed when the test ends. */
export async function projectCopy(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'raingauge-project-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const name of COPIED) await cp(name, join(folder, name), { recursive: true })
  for (const name of LINKED) await symlink(resolve(name), join(folder, name))
  return folder
}

/** Runs a command line as CI does (`bash -e`), with nothing of this machine's databases in its environment. */
export async function runLine(cwd: string, line: string, env: Record<string, string> = {}): Promise<Outcome> {
  return await startLine(cwd, line, env).ended
}

export type Running = {
  ended: Promise<Outcome>
  /** Resolves when this has been said on stdout; rejects when the command ends before. */
  said(words: string): Promise<void>
  /** As the terminal does it: to the command and everything it started. */
  signal(name: 'SIGINT' | 'SIGTERM'): void
}

/** Starts a command line that a test talks to; it is ended with the test. */
export function startLine(cwd: string, line: string, env: Record<string, string> = {}): Running {
  const child = spawn('bash', ['-e', '-c', line], {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...childEnvironment(process.env),
      PATH: `${resolve('node_modules/.bin')}:${process.env.PATH}`,
      HOME: tmpdir(),
      npm_config_logs_max: '0',
      npm_config_update_notifier: 'false',
      ...env,
    },
  })
  const outcome: Outcome = { status: null, stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (outcome.stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (outcome.stderr += chunk.toString()))
  const ended = new Promise<Outcome>((resolveEnd, reject) => {
    child.once('error', reject)
    child.once('close', (status) => resolveEnd({ ...outcome, status }))
  })
  onTestFinished(async () => {
    signalGroup(child, 'SIGTERM')
    await ended
  })
  return {
    ended,
    said: (words) => heard(child, words, () => outcome),
    signal: (name) => signalGroup(child, name),
  }
}

/** A port that nothing listens on just now. */
export async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolveListen) => probe.listen(0, '127.0.0.1', resolveListen))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolveClose) => probe.close(resolveClose))
  return port
}

async function heard(child: ChildProcess, words: string, outcome: () => Outcome): Promise<void> {
  await new Promise<void>((resolveSaid, reject) => {
    const listen = () => {
      if (outcome().stdout.includes(words)) resolveSaid()
    }
    child.stdout?.on('data', listen)
    child.once('close', () => reject(new Error(`ended without saying ${words}: ${JSON.stringify(outcome())}`)))
    listen()
  })
}

function signalGroup(child: ChildProcess, name: 'SIGINT' | 'SIGTERM'): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  process.kill(-child.pid, name)
}

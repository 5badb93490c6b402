// The command line as a user starts it: a real process, its two streams and its exit status.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { Run } from '../../lib/run.ts'
import { testFolder } from './directory.ts'
import { childEnvironment } from './run-folder.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/raingauge.mjs', import.meta.url))

export type Finished = { status: number | null; stdout: string; stderr: string }

export type Started = {
  /** Everything written to stderr so far. */
  stderr: () => string
  kill: (signal: NodeJS.Signals) => void
  finished: Promise<Finished>
}

/** Starts `raingauge` in an empty folder of its own, with nothing in its environment but what is given. */
export function startRaingauge(words: string[], options: { env?: Record<string, string>; cwd?: string } = {}): Started {
  const child = spawn(process.execPath, [PROGRAM, ...words], {
    cwd: options.cwd ?? testFolder(),
    env: { ...childEnvironment(process.env), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, stdout, stderr }))
  })
  return { stderr: () => stderr, kill: (signal) => child.kill(signal), finished }
}

/** Runs `raingauge` to its end. */
export async function raingauge(
  words: string[],
  options: { env?: Record<string, string>; cwd?: string } = {},
): Promise<Finished> {
  return await startRaingauge(words, options).finished
}

/** Runs `raingauge … --json` and parses what it printed: the document and nothing else. */
export async function raingaugeJson(words: string[], options: { env?: Record<string, string>; cwd?: string } = {}) {
  const finished = await raingauge([...words, '--json'], options)
  try {
    return { ...finished, run: JSON.parse(finished.stdout) as Run }
  } catch (cause) {
    throw new Error(`stdout is no JSON document: ${finished.stdout}\n${finished.stderr}`, { cause })
  }
}

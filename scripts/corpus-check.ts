// A check as a user would run it, from the outside, and what it says in short.
import { spawn } from 'node:child_process'
import type { Verdict } from '../lib/finding.ts'
import type { Target } from '../lib/postgres/target.ts'
import type { Run } from '../lib/run.ts'

/** Runs `raingauge check --json` on one environment. Throws where it gives no JSON. */
export async function checkFromOutside(folder: string, target: Target, store: string): Promise<Run> {
  const { user, password, host, port, database } = target
  const secret = password === undefined ? '' : `:${password.reveal()}`
  const child = spawn(
    process.execPath,
    ['bin/raingauge.mjs', 'check', '--json', '--migrations', folder, '--store', store],
    {
      env: {
        PATH: process.env.PATH,
        HOME: store,
        DATABASE_URL_STAGING: `postgres://${user}${secret}@${encodeURIComponent(host)}:${port}/${database}`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  await new Promise((ended, reject) => {
    child.once('error', reject)
    child.once('close', ended)
  })
  try {
    return JSON.parse(stdout) as Run
  } catch (cause) {
    throw new Error(`raingauge check gave no JSON: ${stderr.trim().slice(-500)}`, { cause })
  }
}

/** The verdict with its first findings, indented. */
export function describeVerdict({ check: name, status, reason, findings }: Verdict): string {
  const lines = findings.slice(0, 20).map(({ kind, summary }) => `  ${kind}: ${summary}`)
  return [`  ${name}: ${status} ${reason ?? ''}`, ...lines, ...(findings.length > 20 ? ['  …'] : [])].join('\n')
}

export async function timed<T>(work: () => Promise<T>): Promise<{ value: T; seconds: string }> {
  const started = performance.now()
  const value = await work()
  return { value, seconds: ((performance.now() - started) / 1000).toFixed(1) }
}

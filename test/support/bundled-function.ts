// Runs a bundle as Lambda would: plain node, another working directory, an unprivileged user where there is one, one temp folder to write to.
import { spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { serverAccount } from '../../lib/scratch/server-account.ts'

export type Invocation = {
  /** undefined: the handler returned. */
  error: { name: string; message: string } | undefined
  /** The lines of JSON that it logged. */
  log: Record<string, unknown>[]
  /** Everything that was printed. */
  output: string
  /** What it left in its temp folder. */
  left: string[]
}

/** Stands in for the runtime: calls the handler once, and says on the last line how that went. */
const BOOTSTRAP = `
const { handler } = await import(process.argv[1])
if (handler.length > 2) throw new Error('the runtime of Node 24 refuses a handler with a callback')
const end = Date.now() + Number(process.argv[2])
const context = { awsRequestId: 'test-request', getRemainingTimeInMillis: () => end - Date.now() }
const outcome = await handler(JSON.parse(process.argv[3]), context).then(
  () => ({}),
  ({ name, message, cause }) => ({ error: { name, message: message + (cause ?? '') } }),
)
process.stdout.write('\\n' + JSON.stringify(outcome) + '\\n')
`

export type Call = { event?: unknown; remainingMs?: number }

/** Calls the handler in `asset` once, with `remainingMs` to go, and waits until the process has ended by itself. */
export async function invoke(
  asset: string,
  variables: Record<string, string>,
  { event = {}, remainingMs = 300_000 }: Call = {},
): Promise<Invocation> {
  const temp = mkdtempSync(join(tmpdir(), 'raingauge-function-'))
  onTestFinished(() => rmSync(temp, { recursive: true, force: true }))
  const account = unprivilegedAccount(asset)
  if (account !== undefined) chownSync(temp, account.uid, account.gid)
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--eval', BOOTSTRAP, join(asset, 'index.mjs'), String(remainingMs), JSON.stringify(event)],
    {
      ...account,
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: '/usr/bin:/bin', TMPDIR: temp, AWS_REGION: 'eu-central-1', ...CREDENTIALS, ...variables },
    },
  )
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const lines = stdout.split('\n').filter((line) => line !== '')
  const outcome = lines.pop()
  if (outcome === undefined) throw new Error(`the function did not even start: ${stderr}`)
  const { error } = JSON.parse(outcome) as Pick<Invocation, 'error'>
  return {
    error,
    log: lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    output: stdout + stderr,
    left: readdirSync(temp),
  }
}

/** What Lambda puts there for the role of the function. */
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example', AWS_SESSION_TOKEN: 'example' }

/**
 * Lets everybody read and nobody write, as it is with the code of a function.
 */
export function sealFolder(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    const isData = !entry.isDirectory() && (statSync(path).mode & 0o111) === 0
    chmodSync(path, isData ? 0o444 : 0o555)
  }
  chmodSync(folder, 0o555)
}

/** Undoes {@link sealFolder} as far as deleting needs it. */
export function unsealFolder(folder: string): void {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) unsealFolder(join(folder, entry.name))
  }
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

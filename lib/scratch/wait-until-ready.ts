import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasCode } from '../error.ts'
import { withClient } from '../postgres/client.ts'
import type { Target } from '../postgres/target.ts'
import { collectComplaints } from './server-process.ts'

const START_TIMEOUT_MS = 30_000

/** Waits until the server that this process runs answers, and returns its `server_version`. Throws what it said when it ended instead. */
export async function waitUntilReady(
  child: ChildProcess,
  target: Target,
  signal: AbortSignal | undefined,
  patienceMs = START_TIMEOUT_MS,
): Promise<string> {
  const complaints = collectComplaints(child)
  const deadline = Date.now() + patienceMs
  for (;;) {
    signal?.throwIfAborted()
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}: ${complaints()}`)
    try {
      return await withClient(target, 'starting', async (client) => {
        const { rows } = await client.query<{ server_version: string }>('SHOW server_version')
        return rows[0]?.server_version ?? ''
      })
    } catch (error) {
      if (!hasCode(error, 'postgres.unreachable', 'postgres.lost') || Date.now() > deadline) throw error
      await sleep(20)
    }
  }
}

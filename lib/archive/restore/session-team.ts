// Several connections that work off one schedule; when one fails, all stop.
import type pg from 'pg'
import { describeError, hasCode, RaingaugeError } from '../../error.ts'
import { withClient } from '../../postgres/client.ts'
import { describeTarget, type Target } from '../../postgres/target.ts'
import type { RestoreSchedule } from './restore-schedule.ts'
import type { RestoreTask } from './restore-tasks.ts'
import { END_SESSIONS } from './sql/end-sessions.ts'

/** Does one task over the worker's own connection. */
export type Worker = (task: RestoreTask) => Promise<void>

const RESTORING = 'restoring'
const PATIENCE_MS = 5_000

/**
 * Works the schedule off over `jobs` connections; `hire` readies each. The first failure ends the others in the middle of what they do,
 * and is thrown; so is an abort of `signal`.
 */
export async function workOff(
  target: Target,
  schedule: RestoreSchedule,
  team: { jobs: number; signal: AbortSignal | undefined; hire: (client: pg.Client) => Promise<Worker> },
): Promise<void> {
  const stop = new AbortController()
  const signal = team.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, team.signal])
  const news = new News(signal)
  const sessions = new Set<number>()
  const work = async (client: pg.Client) => {
    sessions.add(processOf(client))
    const perform = await team.hire(client)
    while (schedule.left > 0) {
      signal.throwIfAborted()
      const task = schedule.next()
      if (task === undefined) {
        await news.next()
        continue
      }
      await perform(task)
      schedule.finish(task)
      news.tell()
    }
    sessions.delete(processOf(client))
  }
  let failure: { error: unknown } | undefined
  const workers = Array.from({ length: team.jobs }, async () => {
    try {
      // An index on a large table takes as long as it takes.
      await withClient(target, RESTORING, work, { signal, queryTimeoutMs: 0 })
    } catch (error) {
      failure ??= { error }
      stop.abort(error)
    }
  })
  await Promise.all(workers)
  if (failure === undefined) return
  if (sessions.size > 0) await endSessions(target, [...sessions], failure.error)
  throw failure.error
}

/** A backend that builds an index does not notice that nobody listens any more. */
async function endSessions(target: Target, pids: number[], failure: unknown): Promise<void> {
  const patience = { connectTimeoutMs: PATIENCE_MS, queryTimeoutMs: PATIENCE_MS }
  try {
    await withClient(
      target,
      'ending the sessions of the restore',
      (client) => client.query(END_SESSIONS, [pids]),
      patience,
    )
  } catch (error) {
    // A server that is gone has taken its sessions along.
    if (hasCode(error, 'postgres.unreachable')) return
    throw new RaingaugeError(
      failure instanceof RaingaugeError ? failure.code : 'archive.restore',
      `${describeError(failure)}; then its sessions at ${describeTarget(target)} could not be ended: ${describeError(error)}`,
      { cause: failure },
    )
  }
}

/** node-postgres keeps it, and its types do not say so. */
function processOf(client: pg.Client): number {
  return (client as pg.Client & { processID: number | null }).processID ?? 0
}

/** Wakes all who wait for something to be done. */
class News {
  readonly #signal: AbortSignal
  #waiting: (() => void)[] = []

  constructor(signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', () => this.tell(), { once: true })
  }

  async next(): Promise<void> {
    if (this.#signal.aborted) return
    await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  tell(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }
}

// One backup of an environment at a time, on whatever machine it runs; and no archive goes meanwhile.
import { hostname } from 'node:os'
import { fencedStore } from '../store/fenced-store.ts'
import { lockKey } from '../store/keys.ts'
import { withLease, type Held } from '../store/with-lease.ts'
import type { JobContext } from './context.ts'

/**
 * Does `use` as the only backup or prune of the environment, or says who else is at it. The context that `use` gets ends with the lease:
 * its signal aborts, and its store publishes nothing any more. A prune is waited for, since it is done in
 * minutes, and a backup given up for it would be a night without one. Throws `lease.lost` when the lease was lost, whatever else went wrong on the way.
 */
export async function asOnlyBackup<T>(
  environment: string,
  context: JobContext,
  use: (context: JobContext) => Promise<T>,
  work: 'backup' | 'prune' = 'backup',
): Promise<{ held: Held } | { held: null; result: T }> {
  const { store, project, now, signal, progress } = context
  const request = {
    key: lockKey(project, environment, 'backup'),
    holder: `process ${process.pid} on ${hostname()}`,
    now,
    signal,
    brief: work === 'prune',
    onWatch: (other: string, forMs: number) =>
      progress(`${environment}: watching for ${Math.round(forMs / 1_000)} s whether ${other} is still at work on it`),
  }
  return await withLease(store, request, async (lease) => {
    const signals = signal === undefined ? [lease.signal] : [signal, lease.signal]
    try {
      return await use({ ...context, store: fencedStore(store, lease), signal: AbortSignal.any(signals) })
    } catch (error) {
      lease.signal.throwIfAborted()
      throw error
    }
  })
}

/** Who is at work there, as a note for a person. */
export function heldNote(environment: string, { holder, since, brief }: Held): string {
  return `${environment}: ${holder} is ${brief ? 'pruning it' : 'backing it up'} since ${since.toISOString()}`
}

import { hasCode } from '../error.ts'
import type { Verdict } from '../finding.ts'
import type { JobName } from '../run.ts'
import { stateKey } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import { advance, overdue, settle } from './incident.ts'
import { readState } from './read-state.ts'
import { serializeState, type IncidentState, type Notice } from './state.ts'

/** Other runs may get in between this often before it counts as a fault. */
const MOST_TRIES = 5

/** What a run said of one environment, the folder's verdicts included where they are to be told with it. */
export type Look = { project: string; environment: string; verdicts: readonly Verdict[]; job: JobName; now: Date }

export type Remembered = {
  state: IncidentState
  notices: Notice[]
  /** Where a state that could not be read was put; null when all was well. */
  putAside: string | null
}

/**
 * Moves the stored incidents of an environment on by one run, and says what is to be told: what is new, and what an earlier run owes.
 * Where another run writes at the same time, the later one reads again and decides again. Throws what the store throws;
 * `store.conflict` only after several tries.
 */
export async function writeState(store: Store, look: Look): Promise<Remembered> {
  let putAside: string | null = null
  const { state, result } = await update(store, look, (before, wreck) => {
    putAside ??= wreck
    const { state: after, notices } = advance(before, look.verdicts, look.now, look.job)
    return { state: after, result: [...overdue(before, look.now), ...notices] }
  })
  return { state, notices: result, putAside }
}

/** Notes that people were told. Until then the notices stay owed: a duplicate beats a loss. Throws what the store throws. */
export async function settleNotices(
  store: Store,
  place: { project: string; environment: string },
  told: readonly Notice[],
): Promise<void> {
  await update(store, place, (before) => ({ state: before === null ? null : settle(before, told), result: null }))
}

/** Reads, decides and writes until nobody came in between. A state of null is not written. */
async function update<T, State extends IncidentState | null>(
  store: Store,
  { project, environment }: { project: string; environment: string },
  decide: (before: IncidentState | null, putAside: string | null) => { state: State; result: T },
): Promise<{ state: State; result: T }> {
  for (let tries = 1; ; tries++) {
    const { state: before, etag, putAside } = await readState(store, project, environment)
    const decided = decide(before, putAside)
    if (decided.state === null) return decided
    try {
      await store.put(
        stateKey(project, environment),
        serializeState(decided.state),
        etag === null ? 'absent' : { etag },
      )
      return decided
    } catch (error) {
      if (!hasCode(error, 'store.conflict') || tries >= MOST_TRIES) throw error
    }
  }
}

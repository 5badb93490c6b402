import { hasCode } from '../error.ts'
import type { Verdict } from '../finding.ts'
import type { JobName } from '../run.ts'
import { stateKey } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import { advance, type IncidentState, type Notice } from './incident.ts'
import { readState } from './read-state.ts'
import { serializeState } from './state.ts'

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
 * Moves the stored incidents of an environment on by one run, and says what is to be told. Where another run writes at the same time,
 * the later one reads again and decides again, so nothing is told twice. Throws what the store throws; `store.conflict` only after
 * several tries.
 */
export async function writeState(store: Store, look: Look): Promise<Remembered> {
  let putAside: string | null = null
  for (let tries = 1; ; tries++) {
    const { state: before, etag, putAside: wreck } = await readState(store, look.project, look.environment)
    putAside ??= wreck
    const { state, notices } = advance(before, look.verdicts, look.now, look.job)
    try {
      const condition = etag === null ? 'absent' : { etag }
      await store.put(stateKey(look.project, look.environment), serializeState(state), condition)
      return { state, notices, putAside }
    } catch (error) {
      if (!hasCode(error, 'store.conflict') || tries >= MOST_TRIES) throw error
    }
  }
}

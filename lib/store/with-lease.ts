// Holding a lease in the store while work is done: taken on a condition, renewed, given back; never deleted.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasCode, RaingaugeError } from '../error.ts'
import {
  LEASE_TIMES,
  parseNote,
  prospect,
  releasedNote,
  renewedNote,
  takeNote,
  type LeaseNote,
  type LeaseTimes,
} from './lease.ts'
import type { Condition, Store } from './store.ts'

export type Lease = {
  /** Aborts when somebody else is seen to have taken it over. */
  signal: AbortSignal
  /** Asks the store whether it is still ours. Throws `lease.lost` where it is not, and what the store throws. */
  confirm(): Promise<void>
}

/** Somebody else is at work. */
export type Held = { holder: string; since: Date; brief: boolean }

export type LeaseRequest = {
  key: string
  /** Who we are, for a person: a machine and a process. */
  holder: string
  now: () => Date
  signal?: AbortSignal | undefined
  times?: LeaseTimes
  /** We will be done in minutes: others wait for us, where they would give way to one who takes longer. */
  brief?: boolean
  /** Told before a holder that may be dead is watched for so many milliseconds. */
  onWatch?: (holder: string, forMs: number) => void
}

/**
 * Does `use` while nobody else does anything under the same lease, or says who does. Safety does not hang on clocks: whoever
 * was out of touch for so long that another took over finds out before `lease.confirm` returns. Throws what `use` and the
 * store throw, and `store.unsupported` where the store knows no conditions, so that no lease could hold.
 */
export async function withLease<T>(
  store: Store,
  request: LeaseRequest,
  use: (lease: Lease) => Promise<T>,
): Promise<{ held: Held } | { held: null; result: T }> {
  const taken = await take(store, request)
  if ('since' in taken) return { held: taken }
  await using holding = hold(store, request, taken)
  return { held: null, result: await use(holding.lease) }
}

type Stored = { note: LeaseNote; etag: string }

async function take(store: Store, request: LeaseRequest): Promise<Stored | Held> {
  const { key, holder, now, signal, brief = false, times = LEASE_TIMES } = request
  const started = performance.now()
  for (;;) {
    signal?.throwIfAborted()
    const before = await store.get(key)
    const note = before === null ? null : parseNote(before.body)
    const chance = prospect(note, now(), times)
    if (chance.kind === 'held') return heldBy(note)
    if (chance.kind === 'wait') {
      if (performance.now() - started >= times.waitMs) return heldBy(note)
      await watchFor(times.lookMs, signal)
      continue
    }
    if (chance.kind === 'watch') {
      request.onWatch?.(heldBy(note).holder, chance.forMs)
      await watchFor(chance.forMs, signal)
      const after = await store.get(key)
      // Its holder lives, whatever the clocks say; or somebody was quicker than we.
      if (after !== null && after.etag !== before?.etag) {
        const later = parseNote(after.body)
        if (later === 'unreadable' || !later.released) return heldBy(later)
        continue
      }
    }
    const mine = takeNote(randomUUID(), holder, now(), times, brief)
    try {
      const { etag } = await write(store, key, mine, before === null ? 'absent' : { etag: before.etag })
      await mustKnowConditions(store, key, mine, now())
      return { note: mine, etag }
    } catch (error) {
      if (!hasCode(error, 'store.conflict')) throw error
    }
  }
}

async function watchFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal })
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}

/** Some servers take a conditional write and overlook the condition: with them, two would hold every lease. */
async function mustKnowConditions(store: Store, key: string, mine: LeaseNote, now: Date): Promise<void> {
  try {
    await write(store, key, mine, 'absent')
  } catch (error) {
    if (hasCode(error, 'store.conflict')) return
    throw error
  }
  await write(store, key, releasedNote(mine, now), undefined)
  throw new RaingaugeError('store.unsupported', `${store.locate(key)}: this store does not know conditional writes`, {
    remedy:
      'use a store that does (S3, R2, MinIO, Ceph without versioning): without them, two runs would spoil each other',
  })
}

function hold(store: Store, request: LeaseRequest, taken: Stored): { lease: Lease } & AsyncDisposable {
  const { key, now, times = LEASE_TIMES } = request
  const over = new AbortController()
  let mine = taken
  let turn: Promise<unknown> = Promise.resolve()

  const swap = async (step: (note: LeaseNote) => LeaseNote): Promise<void> => {
    over.signal.throwIfAborted()
    const note = step(mine.note)
    try {
      mine = { note, etag: (await write(store, key, note, { etag: mine.etag })).etag }
    } catch (error) {
      if (!hasCode(error, 'store.conflict')) throw error
      const lost = new RaingaugeError(
        'lease.lost',
        `${store.locate(key)} was taken over by another run, as if this one were dead`,
        {
          remedy: 'the other run goes on; see whether this machine slept, or had no network, for minutes',
          cause: error,
        },
      )
      over.abort(lost)
      throw lost
    }
  }
  /** One after the other: each needs the etag of the one before. */
  const inTurn = async (step: (note: LeaseNote) => LeaseNote): Promise<void> => {
    const mineToDo = turn.then(() => swap(step))
    turn = mineToDo.catch(() => undefined)
    await mineToDo
  }
  const confirm = (): Promise<void> => inTurn((note) => renewedNote(note, now(), times))
  let renewing = false
  const renew = async (): Promise<void> => {
    if (renewing || over.signal.aborted) return
    renewing = true
    try {
      await confirm()
    } catch {
      // A store that is away for a moment costs nothing yet: whoever publishes asks again, and then it counts.
    } finally {
      renewing = false
    }
  }
  const timer = setInterval(() => void renew(), times.renewMs)
  timer.unref()
  return {
    lease: { signal: over.signal, confirm },
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await turn
      if (over.signal.aborted) return
      // What cannot be given back ends by itself.
      await inTurn((note) => releasedNote(note, now())).catch(() => undefined)
    },
  }
}

async function write(store: Store, key: string, note: LeaseNote, condition: Condition): Promise<{ etag: string }> {
  return await store.put(key, JSON.stringify(note), condition)
}

function heldBy(note: LeaseNote | 'unreadable' | null): Held {
  if (note === null || note === 'unreadable')
    return { holder: 'a run of another version', since: new Date(0), brief: false }
  return { holder: note.holder, since: new Date(note.takenAt), brief: note.brief }
}

// A store in which a baseline that is missing is made by one of many, while the others wait for it.
import { hostname } from 'node:os'
import type { Store } from '../../store/store.ts'
import { lockKey } from '../../store/keys.ts'
import { withLease } from '../../store/with-lease.ts'

const BASELINE = /^baselines\/(?<hash>[0-9a-f]{64})\./

type Request = { project: string; now: () => Date; signal?: AbortSignal | undefined }

/** `settle`: whoever waits need not wait any longer, whether the baseline was made or not. */
export type BaselineStore = { store: Store; settle: () => Promise<void> }

/**
 * Like `store`, but who asks for a baseline that is not there gets a lease and is to make it; whoever asks meanwhile, on any machine, is answered
 * once it was written. Where that takes longer than a lease is waited for, two make it: it is the same. What was read once is not read again.
 * To be used by one look at a time, each ending with `settle`.
 */
export function baselineStore(store: Store, request: Request): BaselineStore {
  const read = new Map<string, ReturnType<Store['get']>>()
  let held: { release: () => void; ended: Promise<unknown> } | undefined
  const settle = async (): Promise<void> => {
    const ending = held
    held = undefined
    ending?.release()
    await ending?.ended
  }
  const find = async (key: string, hash: string): ReturnType<Store['get']> => {
    const there = await store.get(key)
    if (there !== null) return there
    await settle()
    held = await hold(store, hash, request)
    const made = await store.get(key)
    if (made !== null) await settle()
    return made
  }
  return {
    settle,
    store: {
      ...store,
      async get(key) {
        const hash = BASELINE.exec(key)?.groups?.['hash']
        if (hash === undefined) return await store.get(key)
        const known = await read.get(key)
        if (known != null) return known
        const sought = find(key, hash)
        read.set(
          key,
          sought.catch(() => null),
        )
        return await sought
      },
      async put(key, body, condition) {
        const written = await store.put(key, body, condition)
        if (BASELINE.test(key)) await settle()
        return written
      },
    },
  }
}

/** Comes back once the lease is held, or once there is no waiting for it any more; it is held until `release`. */
async function hold(
  store: Store,
  hash: string,
  { project, now, signal }: Request,
): Promise<{ release: () => void; ended: Promise<unknown> }> {
  const taken = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const ended = withLease(
    store,
    {
      key: lockKey(project, '_baselines', hash),
      holder: `process ${process.pid} on ${hostname()}`,
      now,
      signal,
      brief: true,
    },
    async () => {
      taken.resolve()
      await released.promise
    },
  )
  await Promise.race([taken.promise, ended])
  // Who settles hears of it.
  ended.catch(() => {})
  return { release: released.resolve, ended }
}

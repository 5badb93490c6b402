// How long an upload of hours goes on trying before one bad minute of the store ends it.
import { setTimeout as sleep } from 'node:timers/promises'
import { mayPass } from './s3-fault.ts'

export type Patience = {
  /** Tries after the first; each has all the attempts of the SDK. */
  retries: number
  /** Before the first of them, at most; doubled for each that follows. */
  pauseMs: number
}

/** Some two minutes besides the SDK's own attempts, which give up after a few seconds. */
export const PATIENCE: Patience = { retries: 6, pauseMs: 4_000 }

const LONGEST_PAUSE_MS = 30_000

/**
 * How long to wait before retry `number` (from 1), in milliseconds. `random` is in [0, 1): waits are spread over their
 * whole range, so that many who were refused at once do not come back at once (AWS Builders' Library, "Timeouts, retries, and backoff with jitter").
 */
export function pauseBefore(number: number, { pauseMs }: Patience, random: number): number {
  return random * Math.min(LONGEST_PAUSE_MS, pauseMs * 2 ** (number - 1))
}

/** Does the work until it succeeds, fails in a way that no retry mends, or has failed too often: then throws what it threw last. */
export async function patiently<T>(work: () => Promise<T>, patience: Patience, signal?: AbortSignal): Promise<T> {
  for (let retry = 1; ; retry += 1) {
    try {
      return await work()
    } catch (error) {
      if (retry > patience.retries || !mayPass(error) || signal?.aborted === true) throw error
      await sleep(pauseBefore(retry, patience, Math.random()), undefined, signal === undefined ? {} : { signal })
    }
  }
}

/** What is seen of a dump at one moment. */
export type DumpPulse = {
  /** Odd while pg_dump waits for the server; another number whenever a wait began or ended. */
  waits: number
  /** Bytes that came from the server so far. */
  received: number
  /** Bytes from the server wait for the consumer. */
  held: boolean
}

/**
 * Makes the judge of a dump: fed with its pulse from time to time, it returns true once pg_dump has waited for the server for
 * `limitMs` in one go and not a byte came. While the consumer is slow, nobody waits for the server: that is no stall.
 */
export function stallWatch(limitMs: number): (pulse: DumpPulse, nowMs: number) => boolean {
  let last: DumpPulse | undefined
  let since = 0
  return (pulse, nowMs) => {
    const silent =
      !pulse.held && pulse.waits % 2 !== 0 && last?.waits === pulse.waits && last.received === pulse.received
    if (!silent) {
      last = pulse
      since = nowMs
    }
    return nowMs - since >= limitMs
  }
}

// Rank of the threads on which frames are compressed.
import { readdirSync, readFileSync } from 'node:fs'
import { setPriority } from 'node:os'

/** A tenth of what a thread of rank 0 gets where both want the core: sched(7), "The nice value". */
const NICE = 10

/**
 * Linux: the threads of libuv's pool let the thread at the socket go first, and the server where it is on this machine. A frame has as long as
 * the next one takes to come; compressed at the same rank on few cores, it keeps the next one from coming. Priorities are of single threads there, and
 * nobody needs a right to lower one. Where that is not so, nothing happens. To be called once the pool has begun.
 */
export function letPoolYield(threads = '/proc/self/task'): void {
  if (process.platform !== 'linux') return
  try {
    for (const thread of readdirSync(threads)) {
      const name = readFileSync(`${threads}/${thread}/comm`, 'latin1')
      if (name.startsWith('libuv-worker')) setPriority(Number(thread), NICE)
    }
  } catch {
    // A sandbox without /proc, or without the call: frames are right all the same, and on few cores come later.
  }
}

// Whether a process runs, what runs below it, and how much memory that had: proc(5).
import { readdirSync, readFileSync } from 'node:fs'

/** The process and all below it, parents first. Empty where it is gone, or where there is no /proc. */
export function descendantsOf(pid: number | undefined): number[] {
  if (pid === undefined || read(`/proc/${pid}/stat`) === '') return []
  const children = threadsOf(pid).flatMap((thread) => read(`/proc/${pid}/task/${thread}/children`).split(' '))
  return [pid, ...children.filter((child) => child !== '').flatMap((child) => descendantsOf(Number(child)))]
}

/** The most memory that each of the processes that run now has had, together, in bytes. */
export function peakBytesOf(pid: number | undefined): number {
  const kilobytes = descendantsOf(pid).map((each) => /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${each}/status`))?.[1])
  return kilobytes.reduce((sum, each) => sum + Number(each ?? 0), 0) * 1024
}

/** False for a process that is gone, not for one of somebody else. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch (error) {
    return orGone(error, [])
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    return orGone(error, '')
  }
}

/** A process may end while it is looked at. */
function orGone<T>(error: unknown, nothing: T): T {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' || code === 'ESRCH') return nothing
  throw error
}

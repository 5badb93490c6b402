import { readFileSync } from 'node:fs'

/**
 * Bytes of memory that this process had at most. Not `maxRSS` where the system tells better (Linux, proc(5), VmHWM): that begins with
 * what the process had that started this one.
 */
export function peakMemory(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  if (kilobytes === undefined) throw new Error('/proc/self/status tells no VmHWM')
  return Number(kilobytes) * 1024
}

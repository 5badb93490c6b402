// A restore in words: how far it is, and what came of it.
import type { RestoreResult } from '../../lib/archive/restore-archive.ts'
import type { RestoreProgress } from '../../lib/archive/restore/restore-progress.ts'
import { bytes, duration } from '../../lib/report/quantity.ts'
import { rowsIn } from '../../lib/run.ts'
import { count } from '../../lib/words.ts'

/** How far it is after so many milliseconds: what was read, how fast, and how long the rest of the rows will take at that rate. */
export function progressWords(progress: RestoreProgress, elapsedMs: number): string {
  const { totalBytes, made, toMake, last } = progress
  const statements = `${made} of ${toMake} definitions${last === null ? '' : `, ${last}`}`
  if (progress.bytes === 0) return statements
  if (progress.bytes === totalBytes) return `all rows, ${statements}`
  const rate = progress.bytes / Math.max(1, elapsedMs)
  const share = totalBytes === null ? '' : ` of ${bytes(totalBytes)}`
  const left = totalBytes === null ? '' : `, ${duration((totalBytes - progress.bytes) / rate)} left`
  return `rows: ${bytes(progress.bytes)}${share}, ${bytes(rate * 1000)}/s${left}; ${statements}`
}

/** What was restored, how long it took, and what was not. */
export function resultWords(name: string, place: string, result: RestoreResult): string {
  const { tables, durationMs } = result
  const rows = rowsIn(tables)
  const what = [
    count(tables.length, 'table'),
    count(rows, 'row'),
    ...(result.largeObjects > 0 ? [count(result.largeObjects, 'large object')] : []),
    count(result.statements, 'definition'),
  ]
  const lines = [
    `restored ${name} into ${place}: ${what.join(', ')}`,
    `time to restore: ${duration(durationMs)}, ${bytes(result.bytes)} of rows, uncompressed`,
  ]
  const also = (words: string, entries: readonly string[]) => {
    if (entries.length > 0) lines.push(`${words}:`, ...entries.map((entry) => `  ${entry}`))
  }
  also('taken along, as definitions without rows', result.alongside)
  also('there already, and left as it is', result.kept)
  also('left out, since it needs what was not asked for', result.leftOut)
  also('left out, since only the owner of the extension may make it', result.skipped)
  return lines.join('\n')
}

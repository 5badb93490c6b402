import { SAFE_AGE_MS, sweepLeftovers, type Swept } from '../archive/sweep-leftovers.ts'
import { archiveFinding, type Finding } from '../finding.ts'
import { count } from '../words.ts'
import type { JobContext } from './context.ts'
import { explain } from './judge.ts'

/**
 * Removes what killed backups of the environment left in the store, and tells of it: as a note where it is gone, as a warning
 * where it could not be removed, which costs money and nothing else.
 */
export async function cleanUp(environment: string, context: JobContext): Promise<Finding[]> {
  const { store, project, now, signal } = context
  const before = new Date(now().getTime() - SAFE_AGE_MS)
  try {
    const swept = await sweepLeftovers(store, project, environment, before)
    if (swept.uploads + swept.files === 0) return []
    const summary = `removed what killed backups had left: ${inWords(swept)}`
    return [archiveFinding(environment, 'archive.leftover', summary, 'info')]
  } catch (error) {
    signal?.throwIfAborted()
    const summary = `what killed backups may have left could not be removed: ${explain(error)}`
    return [archiveFinding(environment, 'archive.leftover', summary)]
  }
}

function inWords({ uploads, files, bytes }: Swept): string {
  const parts = [
    uploads === 0 ? '' : count(uploads, 'unfinished upload'),
    files === 0 ? '' : `${count(files, 'file')} (${bytes} bytes)`,
  ]
  return parts.filter((part) => part !== '').join(' and ')
}

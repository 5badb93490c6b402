import { listArchives } from '../archive/list-archives.ts'
import { lockArchive } from '../archive/lock-archive.ts'
import { archiveFinding, type Finding } from '../finding.ts'
import type { JobContext } from './context.ts'
import { explain } from './judge.ts'

/** Locks the environment's newest archive where the policy asks for it. That it could not be locked is told; the archive is good all the same. */
export async function lockNewest(environment: string, context: JobContext): Promise<Finding[]> {
  const { store, project, archivePolicy, signal } = context
  if (archivePolicy.lock === null) return []
  try {
    const [newest] = await listArchives(store, project, environment, 1)
    if (newest?.kind === 'archive' && newest.trust !== 'uploaded') await lockArchive(store, newest, archivePolicy.lock)
    return []
  } catch (error) {
    signal?.throwIfAborted()
    return [archiveFinding(environment, 'archive.unlocked', explain(error))]
  }
}

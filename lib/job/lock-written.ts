import { findArchive } from '../archive/list-archives.ts'
import { lockArchive } from '../archive/lock-archive.ts'
import { archiveFinding, type Finding } from '../finding.ts'
import type { JobContext } from './context.ts'
import { explain } from './judge.ts'

/** Locks this archive of the environment where the policy asks for it. That it could not be locked is told; the archive is good all the same. */
export async function lockWritten(environment: string, id: string, context: JobContext): Promise<Finding[]> {
  const { store, project, archivePolicy, signal } = context
  if (archivePolicy.lock === null) return []
  try {
    const record = await findArchive(store, project, environment, id)
    if (record?.kind === 'archive' && record.trust !== 'uploaded') await lockArchive(store, record, archivePolicy.lock)
    return []
  } catch (error) {
    signal?.throwIfAborted()
    return [archiveFinding(environment, 'archive.unlocked', explain(error))]
  }
}

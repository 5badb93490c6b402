import { sweepPublished } from '../ledger/published/sweep-published.ts'
import type { JobContext } from './context.ts'
import { explain } from './judge.ts'

/** Removes old published folders. What hinders it is a problem of the run: one line, for people; none where all went well. */
export async function sweepFolders({ store, project, now, signal, progress }: JobContext): Promise<string[]> {
  try {
    const swept = await sweepPublished(store, project, now())
    if (swept > 0) progress(`removed ${swept} published folders that are named no more`)
    return []
  } catch (error) {
    signal?.throwIfAborted()
    return [`old published migrations could not be removed: ${explain(error)}`]
  }
}

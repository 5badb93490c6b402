// What the store holds of an environment's archives, judged: every job that looks at archives says the same of them.
import { judgeArchives } from '../archive/judge-archives.ts'
import { listArchives, type ArchiveRecord } from '../archive/list-archives.ts'
import type { Finding } from '../finding.ts'
import type { JobContext } from './context.ts'
import { readLastRuns } from './last-runs.ts'

/** Enough for a usual size, and for the drill before the last. */
const MOST = 32

/** The newest archives, and what is wrong with them now. Throws what the store throws. */
export async function watchArchives(
  environment: string,
  { store, project, archivePolicy, now }: JobContext,
): Promise<{ records: ArchiveRecord[]; findings: Finding[] }> {
  const records = await listArchives(store, project, environment, MOST)
  return { records, findings: judgeArchives(environment, records, archivePolicy, now()) }
}

/** False where nobody ever asked for archives of this environment, so that there is nothing to miss. */
export async function areArchivesExpected(environment: string, context: JobContext): Promise<boolean> {
  const { store, project, archivePolicy } = context
  if (archivePolicy.expected) return true
  if ((await listArchives(store, project, environment, 1)).length > 0) return true
  const { runs } = await readLastRuns(store, project)
  return runs.some(({ archives }) => archives.some((archive) => archive.environment === environment))
}

// What the store holds of an environment's archives, judged: every job that looks at archives says the same of them.
import { judgeArchives } from '../archive/judge-archives.ts'
import { listArchives, type ArchiveRecord } from '../archive/list-archives.ts'
import { isLocked } from '../archive/lock-archive.ts'
import { archiveFinding, type Finding } from '../finding.ts'
import { archivePrefix } from '../store/keys.ts'
import { count } from '../words.ts'
import type { JobContext } from './context.ts'
import { explain } from './judge.ts'
import { readLastRuns } from './last-runs.ts'

/** Enough for a usual size, and for the drill before the last. */
const MOST = 32

const SWEPT_AFTER_MS = 48 * 3_600_000

/** The newest archives, and what is wrong with them now. Throws what the store throws. */
export async function watchArchives(
  environment: string,
  context: JobContext,
): Promise<{ records: ArchiveRecord[]; findings: Finding[] }> {
  const { store, project, archivePolicy, now } = context
  const records = await listArchives(store, project, environment, MOST)
  const findings = [
    ...judgeArchives(environment, records, archivePolicy, now()),
    ...(await unlocked(environment, records, store, archivePolicy)),
    ...(await leftOver(environment, context)),
  ]
  return { records, findings }
}

/** The newest that is proven must be locked: that it could not be is known to the backup alone, that it is not to everybody. */
async function unlocked(
  environment: string,
  records: readonly ArchiveRecord[],
  store: JobContext['store'],
  { lock }: JobContext['archivePolicy'],
): Promise<Finding[]> {
  const newest = records.find((record) => record.kind === 'archive' && record.trust !== 'uploaded')
  if (lock === null || newest?.kind !== 'archive' || (await isLocked(store, newest, lock))) return []
  const summary = `${newest.id} is not kept for ${lock.days} days, as archives.lock says`
  return [archiveFinding(environment, 'archive.unlocked', summary)]
}

/** Every backup sweeps: what is there longer than it takes for the next one to come, no backup sweeps any more. Not to be let look is told, too. */
async function leftOver(environment: string, { store, project, now, signal }: JobContext): Promise<Finding[]> {
  const about = (summary: string): Finding => archiveFinding(environment, 'archive.leftover', summary)
  try {
    const uploads: string[] = []
    for await (const { key, aliveAt } of store.unfinished(archivePrefix(project, environment))) {
      if (now().getTime() - aliveAt.getTime() > SWEPT_AFTER_MS) uploads.push(key)
    }
    if (uploads.length === 0) return []
    return [
      about(
        `${count(uploads.length, 'incomplete upload')} older than two days, the first to ${uploads[0]}: no backup removes them, and their parts cost money`,
      ),
    ]
  } catch (error) {
    signal?.throwIfAborted()
    return [about(`incomplete uploads, which cost money, cannot be looked for: ${explain(error)}`)]
  }
}

/** False where there is no archive of this environment and nobody ever asked for one, so that there is nothing to miss. */
export async function areArchivesMissed(environment: string, context: JobContext): Promise<boolean> {
  if (context.archivePolicy.expected) return true
  const { runs } = await readLastRuns(context)
  return runs.some(({ archives }) => archives.some((archive) => archive.environment === environment))
}

// Old archives go, as the policy says; what it keeps, and why, is told with what it removes.
import { listArchives, type ArchiveRecord } from '../archive/list-archives.ts'
import { removeArchive } from '../archive/remove-archive.ts'
import { lockEnds } from '../archive/lock-archive.ts'
import {
  planRetention,
  type Held as HeldArchive,
  type Kept,
  type Removed,
  type RetentionPlan,
} from '../archive/retention.ts'
import { oncePerId, type Finding, type Verdict } from '../finding.ts'
import type { Run } from '../run.ts'
import { archiveStartedAt } from '../store/keys.ts'
import type { Held } from '../store/with-lease.ts'
import { asOnlyBackup, heldNote } from './as-only-backup.ts'
import { cleanUp } from './clean-up.ts'
import type { JobContext } from './context.ts'
import { judge } from './judge.ts'
import { startRun } from './start-run.ts'
import { sweepFolders } from './sweep-folders.ts'
import { watchArchives } from './watch-archives.ts'

/** What became of one environment's archives, or would become of them. */
export type Pruned = { environment: string; keep: Kept[]; remove: Removed[] }

/**
 * Removes the archives of every environment that the retention policy does not keep, what killed runs left, and old published folders; `dryRun`: only says which
 * archives. Nothing is removed while a backup is at work: then there is a note, and no verdict. The verdict is unknown where archives could
 * not be listed or removed: those removed until then are gone, and `pruned` lists what should be.
 */
export async function runPrune(context: JobContext, { dryRun = false } = {}): Promise<{ run: Run; pruned: Pruned[] }> {
  const finish = startRun(context, 'prune')
  const verdicts: Verdict[] = []
  const pruned: Pruned[] = []
  const notes: string[] = []
  for (const { name } of context.environments) {
    let held: Held | null = null
    const verdict = await judge('archive', name, context.signal, async () => {
      const left: Finding[] = []
      if (dryRun) {
        pruned.push({ environment: name, ...(await planFor(name, context)) })
      } else {
        const work = async (inside: JobContext) => {
          pruned.push({ environment: name, ...(await removeOld(name, inside)) })
          left.push(...(await cleanUp(name, inside)))
        }
        held = (await asOnlyBackup(name, context, work, 'prune')).held
      }
      const { findings } = await watchArchives(name, context)
      return { findings: oncePerId([...findings, ...left]) }
    })
    if (held === null) verdicts.push(verdict)
    else notes.push(heldNote(name, held))
  }
  const problems = dryRun ? [] : await sweepFolders(context)
  const run = finish({ verdicts, archives: [], ledgers: [], problems, ...(notes.length === 0 ? {} : { notes }) })
  return { run, pruned }
}

async function planFor(environment: string, context: JobContext): Promise<RetentionPlan> {
  const { store, project, archivePolicy, now } = context
  const records = await listArchives(store, project, environment)
  return await sparingLocked(planRetention(records.map(toHeld), archivePolicy.keep, now()), records, context)
}

async function removeOld(environment: string, context: JobContext): Promise<RetentionPlan> {
  const { store, project, progress, signal } = context
  const plan = await planFor(environment, context)
  // The oldest first: should it end half-way, the newer ones are there.
  for (const { id } of plan.remove.toReversed()) {
    signal?.throwIfAborted()
    progress(`${environment}: removing ${id}`)
    await removeArchive(store, { project, environment, id })
  }
  return plan
}

/** What is locked stays, whatever the plan says: a bucket with versions would only hide it. */
async function sparingLocked(
  plan: RetentionPlan,
  records: readonly ArchiveRecord[],
  { store, now }: JobContext,
): Promise<RetentionPlan> {
  const keep = [...plan.keep]
  const remove: Removed[] = []
  for (const each of plan.remove) {
    const record = records.find(({ id }) => id === each.id)
    const until = record?.kind === 'archive' ? await lockEnds(store, record) : null
    if (until === null || until <= now()) remove.push(each)
    else keep.push({ id: each.id, reasons: [`locked until ${until.toISOString()}`] })
  }
  return { keep: keep.toSorted((a, b) => b.id.localeCompare(a.id)), remove }
}

function toHeld(record: ArchiveRecord): HeldArchive {
  const startedAt = archiveStartedAt(record.id)
  return { id: record.id, startedAt, trust: record.kind === 'archive' ? record.trust : null }
}

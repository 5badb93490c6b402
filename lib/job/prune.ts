// Old archives go, as the policy says; what it keeps, and why, is told with what it removes.
import { listArchives, type ArchiveRecord } from '../archive/list-archives.ts'
import { removeArchive } from '../archive/remove-archive.ts'
import { lockEnds } from '../archive/lock-archive.ts'
import { planRetention, type Held, type Kept, type Removed, type RetentionPlan } from '../archive/retention.ts'
import type { Verdict } from '../finding.ts'
import type { Run } from '../run.ts'
import { archiveStartedAt } from '../store/keys.ts'
import type { JobContext } from './context.ts'
import { judge } from './judge.ts'
import { startRun } from './start-run.ts'
import { watchArchives } from './watch-archives.ts'

/** What became of one environment's archives, or would become of them. */
export type Pruned = { environment: string; keep: Kept[]; remove: Removed[] }

/**
 * Removes the archives of every environment that the retention policy does not keep; `dryRun`: only says which. The verdict is
 * unknown where archives could not be listed or removed: those removed until then are gone, and `pruned` lists what should be.
 */
export async function runPrune(context: JobContext, { dryRun = false } = {}): Promise<{ run: Run; pruned: Pruned[] }> {
  const finish = startRun(context, 'prune')
  const verdicts: Verdict[] = []
  const pruned: Pruned[] = []
  for (const { name } of context.environments) {
    verdicts.push(
      await judge('archive', name, context.signal, async () => {
        const { store, project, archivePolicy, now, progress, signal } = context
        const records = await listArchives(store, project, name)
        const plan = await sparingLocked(
          planRetention(records.map(toHeld), archivePolicy.keep, now()),
          records,
          context,
        )
        pruned.push({ environment: name, ...plan })
        if (dryRun) return await watchArchives(name, context)
        // The oldest first: should it end half-way, the newer ones are there.
        for (const { id } of plan.remove.toReversed()) {
          signal?.throwIfAborted()
          progress(`${name}: removing ${id}`)
          await removeArchive(store, { project, environment: name, id })
        }
        return await watchArchives(name, context)
      }),
    )
  }
  return { run: finish({ verdicts, archives: [], ledgers: [] }), pruned }
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

function toHeld(record: ArchiveRecord): Held {
  const startedAt = archiveStartedAt(record.id)
  return { id: record.id, startedAt, trust: record.kind === 'archive' ? record.trust : null }
}

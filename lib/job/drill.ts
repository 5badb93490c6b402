// Could we get it back? Second half: the newest archive, really restored into a scratch database, and compared with what it was made from.
import { recordFailure, recordRestoration, verifyArchive } from '../archive/verify-archive.ts'
import { outgrownByDrills } from '../archive/forecast.ts'
import { findArchive, listArchives, toSummary, type GoodRecord } from '../archive/list-archives.ts'
import { hasCode } from '../error.ts'
import type { Finding, Verdict } from '../finding.ts'
import type { ArchiveSummary, Run } from '../run.ts'
import type { JobContext, WatchedEnvironment } from './context.ts'
import { judge } from './judge.ts'
import { restoreAndCompare } from './restore-and-compare.ts'
import { startRun } from './start-run.ts'
import { watchArchives } from './watch-archives.ts'

/** Drills one environment after the other: each has the scratch server for itself. */
export async function runDrill(context: JobContext): Promise<Run> {
  const finish = startRun(context, 'drill')
  const verdicts: Verdict[] = []
  const archives: ArchiveSummary[] = []
  for (const environment of context.environments) {
    verdicts.push(
      await judge('archive', environment.name, context.signal, async () => {
        const { findings, archive } = await drill(environment, context)
        if (archive !== null) archives.push(archive)
        return { findings }
      }),
    )
  }
  return finish({ verdicts, archives, ledgers: [] })
}

type Drilled = { findings: Finding[]; archive: ArchiveSummary | null }

async function drill({ name }: WatchedEnvironment, context: JobContext): Promise<Drilled> {
  const { store, project } = context
  const [newest] = await listArchives(store, project, name, 1)
  if (newest?.kind === 'archive') await proveIt(newest, context)
  const { records, findings } = await watchArchives(name, context)
  const after = records.find(({ id }) => id === newest?.id)
  const good = records.filter((record) => record.kind === 'archive')
  const ahead = context.limits === undefined ? [] : outgrownByDrills(name, good, context.limits, context.now())
  return { findings: [...findings, ...ahead], archive: after?.kind === 'archive' ? toSummary(after) : null }
}

/** Proves the archive or writes down what is wrong with it. Anything else that fails is thrown: it says nothing of the archive. */
async function proveIt(record: GoodRecord, context: JobContext): Promise<void> {
  const { store, now, signal, progress, identity } = context
  try {
    progress(`${record.environment}: reading the archive back`)
    await verifyArchive(store, record, now, { signal, identity: await identity() })
    progress(`${record.environment}: restoring the archive into a scratch database`)
    await recordRestoration(store, record, await restoreAndCompare(record, context))
  } catch (error) {
    if (hasCode(error, 'archive.restore')) return await recordFailure(store, record, 'restore', error, now)
    if (!hasCode(error, 'archive.corrupt', 'archive.not-found')) throw error
    // Removed as a whole meanwhile: nothing was proven, of an archive that nobody has any more.
    if ((await findArchive(store, record.project, record.environment, record.id)) === null) throw error
    // It was damaged, or part of it went away, since it was read back.
    await recordFailure(store, record, 'verify', error, now)
  }
}

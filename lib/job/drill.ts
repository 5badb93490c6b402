// Could we get it back? Second half: the newest archive, really restored into a scratch database, and compared with what it was made from.
import { recordRestoration, verifyArchive } from '../archive/verify-archive.ts'
import { findArchive, listArchives, toSummary, type GoodRecord } from '../archive/list-archives.ts'
import { hasCode } from '../error.ts'
import { finding, type Finding, type FindingKind, type Verdict } from '../finding.ts'
import type { ArchiveSummary, Run } from '../run.ts'
import type { JobContext, WatchedEnvironment } from './context.ts'
import { explain, judge } from './judge.ts'
import { restoreAndCompare } from './restore-and-compare.ts'
import { startRun } from './start-run.ts'

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
  const { project, store, now, signal } = context
  const [newest] = await listArchives(store, project, name)
  if (newest === undefined) {
    const summary = 'there is no archive at all'
    return { findings: [about(name, 'archive.stale', summary)], archive: null }
  }
  if (newest.kind === 'corrupt') {
    return { findings: [about(name, 'archive.unverified', explain(newest.reason))], archive: null }
  }
  const failure = await proveIt(newest, context)
  const after = await findArchive(store, project, name, newest.id)
  return {
    findings: failure === null ? [] : [about(name, ...failure)],
    archive: toSummary(after?.kind === 'archive' ? after : newest),
  }

  /** What is wrong with the archive; null when it is proven. Anything else that fails is thrown: it says nothing of the archive. */
  async function proveIt(record: GoodRecord, { progress }: JobContext): Promise<[FindingKind, string] | null> {
    try {
      progress(`${name}: reading the archive back`)
      await verifyArchive(store, record, now, { signal })
      progress(`${name}: restoring the archive into a scratch database`)
      await recordRestoration(store, record, await restoreAndCompare(record, context))
      return null
    } catch (error) {
      if (hasCode(error, 'archive.corrupt', 'archive.not-found')) return ['archive.unverified', explain(error)]
      if (hasCode(error, 'archive.restore')) return ['archive.drill-failed', explain(error)]
      throw error
    }
  }
}

function about(environment: string, kind: FindingKind, summary: string): Finding {
  return finding(environment, kind, { subject: { class: 'archive', name: environment }, summary })
}

// The main job: check, back up, drill, as one run with one verdict a check.
import { oncePerId, type Verdict } from '../finding.ts'
import type { Run } from '../run.ts'
import { runBackup } from './backup.ts'
import { runCheck } from './check.ts'
import type { JobContext } from './context.ts'
import { runDrill } from './drill.ts'
import { startRun } from './start-run.ts'

/** Does everything, one job after the other. `slot`: as for a backup. */
export async function runAll(context: JobContext, slot: Date | null = null): Promise<Run> {
  const finish = startRun(context, 'run')
  const check = await runCheck(context, { archives: false })
  const backup = await runBackup(context, slot)
  const drill = await runDrill(context)
  return finish({
    verdicts: [...check.verdicts, ...mergeVerdicts([...backup.verdicts, ...drill.verdicts])],
    // The drill tells of the archives as they are in the end; one that it could not look at is told as the backup left it.
    archives: [...new Map([...backup.archives, ...drill.archives].map((archive) => [archive.id, archive])).values()],
    ledgers: check.ledgers,
    problems: check.problems,
    ...(check.folder && { folder: check.folder }),
    ...(backup.notes === undefined ? {} : { notes: backup.notes }),
  })
}

/** One verdict for what two jobs say of the same check: known only if both know. */
function mergeVerdicts(verdicts: Verdict[]): Verdict[] {
  const groups = Map.groupBy(verdicts, ({ check, environment }) => `${check} ${environment}`)
  return [...groups.values()].map((group) =>
    group.reduce((one, other) => {
      const reasons = [one.reason, other.reason].filter((reason) => reason !== undefined)
      const statuses = [one.status, other.status]
      return {
        ...one,
        status: statuses.includes('unknown') ? 'unknown' : statuses.includes('findings') ? 'findings' : 'clean',
        ...(reasons.length === 0 ? {} : { reason: [...new Set(reasons)].join('; ') }),
        durationMs: one.durationMs + other.durationMs,
        findings: oncePerId([...one.findings, ...other.findings]),
      }
    }),
  )
}

import type { JobName, Run } from '../run.ts'
import type { JobContext } from './context.ts'

/** Notes when a run began, and returns what makes its document in the end. */
export function startRun(
  context: Pick<JobContext, 'version' | 'project' | 'narrowed' | 'now'>,
  job: JobName,
): (
  result: Pick<Run, 'verdicts' | 'archives' | 'ledgers'> &
    Partial<Pick<Run, 'problems' | 'notes' | 'folder' | 'newestVerified'>>,
) => Run {
  const startedAt = context.now().toISOString()
  const started = performance.now()
  return (result) => ({
    raingauge: context.version,
    job,
    project: context.project,
    ...(context.narrowed === undefined ? {} : { environment: context.narrowed.to }),
    startedAt,
    durationMs: Math.round(performance.now() - started),
    problems: [],
    ...result,
  })
}

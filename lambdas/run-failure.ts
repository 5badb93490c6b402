import type { FunctionJob } from '../lib/config/function-variables.ts'
import { RaingaugeError } from '../lib/error.ts'
import type { FindingKind } from '../lib/finding.ts'
import type { Run } from '../lib/run.ts'

/** Findings which say that the job itself was not done. Any other is what the job is there to find. */
const NOT_DONE: Readonly<Record<FunctionJob, readonly FindingKind[]>> = {
  check: [],
  backup: ['archive.failed', 'archive.unverified'],
  drill: ['archive.unverified', 'archive.drill-failed'],
  prune: [],
}

/**
 * What the function must throw once people have been told, so that the Errors metric and its alarm see it: for a job that was not done, that could not look, or that could not tell. undefined for a run that did its job, whatever it found.
 */
export function runFailure(job: FunctionJob, run: Run): RaingaugeError | undefined {
  const failures = run.verdicts.flatMap(({ check, environment, status, reason, findings }) => {
    const place = `${check} of ${environment ?? 'the folder'}`
    const notDone = findings
      .filter(({ kind }) => NOT_DONE[job].includes(kind))
      .map(({ summary }) => `${place}: ${summary}`)
    return status === 'unknown' ? [`${place}: ${reason ?? 'unknown'}`, ...notDone] : notDone
  })
  const all = [...failures, ...run.problems]
  return all.length === 0 ? undefined : new RaingaugeError('run.failed', `${job}: ${all.join('; ')}`)
}

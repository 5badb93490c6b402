import type { FindingKind } from '../finding.ts'
import type { JobName } from '../run.ts'

/** Kinds that not every job looks for which makes their check: a backup that went well says nothing about a drill that failed. */
const LOOKED_FOR_BY: Partial<Record<FindingKind, readonly JobName[]>> = {
  'archive.failed': ['backup', 'run'],
  'archive.unverified': ['drill', 'run'],
  'archive.drill-failed': ['drill', 'run'],
}

/** True when a verdict of this job without a finding of this kind means that it is gone. */
export function looksFor(job: JobName, kind: FindingKind): boolean {
  return LOOKED_FOR_BY[kind]?.includes(job) ?? true
}

/** True when `later`, which could look, makes good that `earlier` could not: the main job does what all the others do. */
export function looksAgain(later: JobName, earlier: JobName): boolean {
  return later === earlier || later === 'run' || earlier === 'run'
}

import type { FindingKind } from '../finding.ts'
import type { JobName } from '../run.ts'

/** Kinds that not every job looks for which makes their check: what the store says is seen by each, but that no archive was written only by who tried. */
const LOOKED_FOR_BY: Partial<Record<FindingKind, readonly JobName[]>> = {
  'archive.failed': ['backup', 'run'],
  'archive.leftover': ['backup', 'run'],
  'archive.backup-outgrows': ['backup'],
  'archive.drill-outgrows': ['drill'],
}

/** True when a verdict of this job without a finding of this kind means that it is gone. */
export function looksFor(job: JobName, kind: FindingKind): boolean {
  return LOOKED_FOR_BY[kind]?.includes(job) ?? true
}

/** True when `later`, which could look, makes good that `earlier` could not: the main job does what all the others do. */
export function looksAgain(later: JobName, earlier: JobName): boolean {
  return later === earlier || later === 'run' || earlier === 'run'
}

// What the store remembers, for a person who asks without wanting a run.
import type { Incident } from '../incident/state.ts'
import type { ArchiveSummary, Run } from '../run.ts'
import { painter } from './paint.ts'
import { printable } from './printable.ts'
import { duration, moment } from './quantity.ts'
import { placeName } from './tally.ts'
import { archiveList } from './archive-list.ts'

export type Status = {
  project: string
  lastRuns: Pick<Run, 'job' | 'environment' | 'startedAt' | 'durationMs'>[]
  incidents: Incident[]
  /** The newest of each environment. */
  archives: ArchiveSummary[]
}

/** Open incidents, the oldest first, then the newest archives and the last runs. */
export function statusReport(status: Status, { now, color }: { now: Date; color: boolean }): string {
  const paint = painter(color)
  const age = (time: string): string => `${duration(now.getTime() - Date.parse(time))} ago`
  const incidents = status.incidents
    .toSorted((a, b) => a.firstSeen.localeCompare(b.firstSeen))
    .map(
      ({ severity, environment, kind, check, summary, firstSeen }) =>
        `  ${paint(severity === 'critical' ? 'red' : 'yellow', severity.toUpperCase().padEnd(8))} ${placeName(environment)}: ${kind === 'unknown' ? `could not check ${check}: ` : ''}${printable(summary)} (since ${moment(new Date(firstSeen))}, ${age(firstSeen)})`,
    )
  const runs = status.lastRuns.map(
    ({ job, environment, startedAt }) =>
      `  ${(environment === undefined ? job : `${job} ${environment}`).padEnd(18)} ${moment(new Date(startedAt))}, ${age(startedAt)}`,
  )
  return [
    paint('bold', `Raingauge: ${printable(status.project)}`),
    '',
    ...(incidents.length === 0 ? ['Nothing is open.'] : [paint('bold', 'Open'), ...incidents]),
    '',
    paint('bold', 'Newest archives'),
    ...archiveList(status.archives)
      .split('\n')
      .map((line) => `  ${line}`),
    '',
    ...(runs.length === 0 ? ['Nothing ever ran on this store.'] : [paint('bold', 'Last runs'), ...runs]),
  ].join('\n')
}

// What a run says as numbers, for CloudWatch: CloudWatch User Guide, "Specification: Embedded metric format".
import {
  CLOUDWATCH_METRICS,
  CLOUDWATCH_NAMESPACE,
  FINDINGS_OF,
  type CloudWatchKey,
} from '../config/cloudwatch-metrics.ts'
import type { Run } from '../run.ts'
import { samplesOf, type Sample } from './sample.ts'

type Value = {
  metric: CloudWatchKey
  dimensions: Readonly<Record<string, string>>
  value: number
  /** The environment, where that is no dimension. */
  of?: string
}

/** Where the run took place: Lambda tells by itself how long its functions take. */
export type RanIn = 'function' | 'task'

/**
 * Lines of JSON to be logged as they are, of which CloudWatch makes metrics: one for each place (an environment, a job) that the run
 * speaks of. What the run says nothing of is left out, since 0 is an answer. `now` is the time of all of them, and what ages count from.
 */
export function emfLines(run: Run, now: Date, ranIn: RanIn): string[] {
  const values = samplesOf([run])
    .flatMap((sample) => valuesOf(sample, run, now))
    .filter(({ metric }) => metric !== 'runDuration' || ranIn === 'task')
  return [...Map.groupBy(values, placeOf).values()].map((group) => line(group, now))
}

/** What CloudWatch gets of a sample of the catalogue. */
function valuesOf({ metric, labels, value }: Sample, { project, job }: Run, now: Date): Value[] {
  switch (metric) {
    case 'archiveTime':
      if (labels.trust !== 'verified') return []
      return [
        {
          metric: 'archiveAge',
          dimensions: { project, environment: labels.environment },
          // A clock that is behind makes nothing younger than new.
          value: Math.max(0, now.getTime() / 1000 - value),
        },
      ]
    case 'findings':
      // Other jobs look for less: their sums in between would look as if things came and went.
      if (job !== 'check' || labels.severity === 'info') return []
      return [{ metric, dimensions: { project }, value, of: labels.environment }]
    case 'runDuration':
    case 'archiveRawBytes':
    case 'archiveStoredBytes':
    case 'fleetDatabases':
      return [{ metric, dimensions: { project, ...labels }, value }]
    case 'archiveRows':
    case 'buildInfo':
    case 'checkDuration':
    case 'checkStatus':
    case 'checkTime':
    case 'ignoredFindings':
    case 'migrationInfo':
    case 'migrationsApplied':
    case 'runCompletion':
    case 'runProblems':
      return []
    default:
      return metric satisfies never
  }
}

function placeOf({ dimensions }: Value): string {
  return JSON.stringify(Object.entries(dimensions))
}

/** Values of one place, added up where there are several of a metric. */
function line(values: readonly Value[], now: Date): string {
  const sums = Map.groupBy(values, ({ metric }) => metric)
  const metrics = [...sums.keys()].map((key) => CLOUDWATCH_METRICS[key])
  const { dimensions } = values[0]!
  return JSON.stringify({
    _aws: {
      Timestamp: now.getTime(),
      CloudWatchMetrics: [
        {
          Namespace: CLOUDWATCH_NAMESPACE,
          Dimensions: [Object.keys(dimensions)],
          Metrics: metrics.map(({ name, unit }) => ({ Name: name, Unit: unit })),
        },
      ],
    },
    ...dimensions,
    ...Object.fromEntries(
      [...sums].map(([key, group]) => [
        CLOUDWATCH_METRICS[key].name,
        group.reduce((total, { value }) => total + value, 0),
      ]),
    ),
    ...parts(values),
  })
}

/** How much of the sum is of which environment. */
function parts(values: readonly Value[]): Record<string, Record<string, number>> {
  const sums: Record<string, number> = {}
  for (const { of, value } of values) if (of !== undefined) sums[of] = (sums[of] ?? 0) + value
  return Object.keys(sums).length === 0 ? {} : { [FINDINGS_OF]: sums }
}

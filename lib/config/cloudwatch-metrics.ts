// What CloudWatch gets of the metrics, named once for deploy time (alarms, dashboard) and run time (the log lines that carry them).

export const CLOUDWATCH_NAMESPACE = 'Raingauge'

export type CloudWatchMetric = {
  name: `raingauge_${string}`
  unit: 'Seconds' | 'Bytes' | 'Count'
  /** Labels of few values: CloudWatch bills each combination of them as a metric of its own. */
  dimensions: readonly string[]
  /** What needs it there: each costs 30 cents a month for every hourly series. */
  why: string
}

/**
 * The part of the catalogue of metrics that an alarm or the dashboard needs. All the others are in the store and in Prometheus, which
 * bills no series. Ages instead of times, since an alarm of CloudWatch cannot subtract from now.
 */
export const CLOUDWATCH_METRICS = {
  archiveAge: {
    name: 'raingauge_archive_age_seconds',
    unit: 'Seconds',
    dimensions: ['project', 'environment'],
    why: 'the alarm for a stale archive, whoever stopped making them',
  },
  findings: {
    name: 'raingauge_findings',
    unit: 'Count',
    dimensions: ['project'],
    why: 'how much is wrong and since when, for an alarm of your own; of checks alone, whose sum over severities but info is whole',
  },
  runDuration: {
    name: 'raingauge_run_duration_seconds',
    unit: 'Seconds',
    dimensions: ['project', 'job_name'],
    why: 'that a task ran and how long; of functions, Lambda tells it for nothing',
  },
  archiveRawBytes: {
    name: 'raingauge_archive_raw_bytes',
    unit: 'Bytes',
    dimensions: ['project', 'environment'],
    why: 'does it shrink, does it outgrow the time there is',
  },
  archiveStoredBytes: {
    name: 'raingauge_archive_stored_bytes',
    unit: 'Bytes',
    dimensions: ['project', 'environment'],
    why: 'what it costs',
  },
  fleetDatabases: {
    name: 'raingauge_fleet_databases',
    unit: 'Count',
    dimensions: ['project', 'status'],
    why: 'how many of a fleet are right, wrong or out of sight',
  },
} as const satisfies Record<string, CloudWatchMetric>

/** Beside the findings, in the same line of the log: how many of them are of which environment. No metric, so it costs nothing. */
export const FINDINGS_OF = 'findings_of'

export type CloudWatchKey = keyof typeof CLOUDWATCH_METRICS

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
    dimensions: ['project', 'environment'],
    why: 'how much is wrong and since when; of checks alone, whose sum over severities but info is whole',
  },
  runDuration: {
    name: 'raingauge_run_duration_seconds',
    unit: 'Seconds',
    dimensions: ['project', 'job_name'],
    why: 'that a job ran and how long, also where it is no function',
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

export type CloudWatchKey = keyof typeof CLOUDWATCH_METRICS

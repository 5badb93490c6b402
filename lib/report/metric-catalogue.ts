// Every metric that Raingauge exports, as data: the exporter, the dashboard, the alert rules and their tests all read it here.
// Naming follows prometheus.io/docs/practices/naming: base units, and the unit as suffix.

export type Metric = {
  name: `raingauge_${string}`
  help: string
  /** `info`: the value is always 1 and the labels speak. */
  unit: 'info' | 'seconds' | 'timestamp' | 'bytes' | 'rows' | 'count' | 'state'
  /** Beside `project`, which every metric has. Only labels of few values: never a table, an error, a key or an id. */
  labels: readonly string[]
  /** The question that somebody asks it. */
  why: string
}

/**
 * All are gauges: a run is a batch job, and a counter that starts anew with every process counts nothing. Times are when something
 * happened, not how long ago, so that they stay true when nobody exports any more.
 * The job is in `job_name`: `job` and `instance` belong to whoever scrapes, who would rename ours.
 */
export const METRICS = {
  buildInfo: {
    name: 'raingauge_build_info',
    help: 'The version of Raingauge that ran last; always 1.',
    unit: 'info',
    labels: ['version'],
    why: 'Is it there at all, and which version?',
  },
  runCompletion: {
    name: 'raingauge_run_last_completion_timestamp_seconds',
    help: 'When the newest run of this job ended, whatever came of it.',
    unit: 'timestamp',
    labels: ['job_name'],
    why: 'Does the job still run?',
  },
  runDuration: {
    name: 'raingauge_run_duration_seconds',
    help: 'How long the newest run of this job took.',
    unit: 'seconds',
    labels: ['job_name'],
    why: 'Is it getting near its time limit?',
  },
  runProblems: {
    name: 'raingauge_run_problems',
    help: 'What the newest run of this job could not do besides its checks, such as telling Slack.',
    unit: 'count',
    labels: ['job_name'],
    why: 'Are people being told?',
  },
  checkStatus: {
    name: 'raingauge_check_status',
    help: 'The newest verdict of this check: 1 for the status that holds, 0 for the others. Unknown is never clean.',
    unit: 'state',
    labels: ['environment', 'check', 'status'],
    why: 'What is right, what is wrong, what is not known?',
  },
  checkTime: {
    name: 'raingauge_check_timestamp_seconds',
    help: 'When the run began that this verdict comes from.',
    unit: 'timestamp',
    labels: ['environment', 'check'],
    why: 'How old is what I see?',
  },
  checkDuration: {
    name: 'raingauge_check_duration_seconds',
    help: 'How long this check took.',
    unit: 'seconds',
    labels: ['environment', 'check'],
    why: 'Which check is slow?',
  },
  findings: {
    name: 'raingauge_findings',
    help: 'Findings of the newest verdict, zeros included. A check that could not look has those it found before it stopped.',
    unit: 'count',
    labels: ['environment', 'check', 'severity'],
    why: 'How much is wrong, how bad, and since when?',
  },
  ignoredFindings: {
    name: 'raingauge_ignored_findings',
    help: 'What rules of the configuration left out of the newest verdict, zeros included.',
    unit: 'count',
    labels: ['environment', 'check'],
    why: 'How much do we look away from, and does it grow?',
  },
  migrationInfo: {
    name: 'raingauge_migration_info',
    help: 'The newest applied migration; always 1. Without any, tag is "(none)".',
    unit: 'info',
    labels: ['environment', 'tag', 'hash'],
    why: 'Do staging and production stand at the same migration?',
  },
  migrationsApplied: {
    name: 'raingauge_migrations_applied',
    help: 'Migrations in the ledger.',
    unit: 'count',
    labels: ['environment'],
    why: 'When was something deployed where?',
  },
  fleetDatabases: {
    name: 'raingauge_fleet_databases',
    help: 'Databases of the fleet by what the newest sweep found of each, zeros included. One is unknown that could not be looked at.',
    unit: 'count',
    labels: ['status'],
    why: 'In how many of them is something wrong, and how many do we not see?',
  },
  archiveTime: {
    name: 'raingauge_archive_last_timestamp_seconds',
    help: 'When the backup began whose archive is the newest that is proven at least this far (uploaded, verified, restored).',
    unit: 'timestamp',
    labels: ['environment', 'trust'],
    why: 'How much would we lose?',
  },
  archiveRawBytes: {
    name: 'raingauge_archive_raw_bytes',
    help: 'Size of the newest archive before compression.',
    unit: 'bytes',
    labels: ['environment'],
    why: 'Did it shrink?',
  },
  archiveStoredBytes: {
    name: 'raingauge_archive_stored_bytes',
    help: 'Size of the newest archive as it is stored.',
    unit: 'bytes',
    labels: ['environment'],
    why: 'What does it cost?',
  },
  archiveRows: {
    name: 'raingauge_archive_rows',
    help: 'Rows in all tables of the newest archive.',
    unit: 'rows',
    labels: ['environment'],
    why: 'Did tables lose rows?',
  },
} as const satisfies Record<string, Metric>

export type MetricKey = keyof typeof METRICS

// The Prometheus alerts, as data. Each has a runbook of its name in docs/runbooks.
import type { JobName } from '../lib/run.ts'
import { select } from './select.ts'

export type Alert = {
  name: `Raingauge${string}`
  severity: 'critical' | 'warning'
  expr: string
  /** How long it must hold, in Prometheus's words. */
  for: string
  summary: string
  description: string
}

const HOUR = 3600
const DAY = 24 * HOUR

/**
 * After how many seconds without a run a job counts as silent: two runs of the default schedules, and time to run. Whoever runs them
 * at other times changes the numbers here and builds again.
 */
const SILENT_AFTER: Record<JobName, number> = {
  check: 2 * HOUR + 600,
  backup: 2 * DAY + HOUR,
  drill: 14 * DAY + DAY,
  prune: 14 * DAY + DAY,
  fleet: 2 * HOUR + 600,
  run: 2 * DAY + HOUR,
}

/** Remembers series for a while after nobody exports them any more: silence must not look like health. */
const REMEMBER = '[30d]'

const PLACE = '{{ $labels.environment }} of {{ $labels.project }}'

function newest(by: string, selector: string): string {
  return `max by (${by}) (last_over_time(${selector}${REMEMBER}))`
}

const silent = (Object.entries(SILENT_AFTER) as [JobName, number][])
  .map(
    ([job, after]) => `time() - ${newest('project, job_name', select('runCompletion', { job_name: job }))} > ${after}`,
  )
  .join('\nor ')

const restored = newest('project, environment', select('archiveTime', { trust: 'restored' }))
const uploaded = newest('project, environment', select('archiveTime', { trust: 'uploaded' }))

export const ALERTS: readonly Alert[] = [
  {
    name: 'RaingaugeAbsent',
    severity: 'critical',
    expr: `absent(last_over_time(${select('buildInfo')}[2h]))`,
    for: '15m',
    summary: 'Prometheus has no metrics of Raingauge.',
    description:
      'Raingauge never ran, its metrics file is gone, or the scrape that reads it is. Nothing is being watched.',
  },
  {
    name: 'RaingaugeSilent',
    severity: 'critical',
    expr: silent,
    for: '5m',
    summary: 'No {{ $labels.job_name }} of {{ $labels.project }} has ended for {{ $value | humanizeDuration }}.',
    description: 'Whatever starts the job, or the job itself, is down. What the panels show of it is old.',
  },
  {
    name: 'RaingaugeCheckUnknown',
    severity: 'warning',
    expr: `max by (project, environment, check) (${select('checkStatus', { status: 'unknown' })}) == 1`,
    // More than one hourly run: a server that restarts is no alarm.
    for: '90m',
    summary: `The {{ $labels.check }} check of ${PLACE} cannot look.`,
    description:
      'Unknown is not clean: until this is mended, nobody knows. The report names the reason and the remedy.',
  },
  {
    name: 'RaingaugeFindingsCritical',
    severity: 'critical',
    expr: `max by (project, environment, check) (${select('findings', { severity: 'critical' })}) > 0`,
    for: '5m',
    summary: `{{ $value }} critical {{ $labels.check }} finding(s) in ${PLACE}.`,
    description: 'The report names each of them, and what to do.',
  },
  {
    name: 'RaingaugeTagDiffers',
    severity: 'warning',
    // By hash too: the same tag with other SQL is not the same migration.
    expr: `count by (project) (count by (project, tag, hash) (${select('migrationInfo')})) > 1`,
    // Two hourly checks: staging is ahead for a while in every promotion.
    for: '2h',
    summary: 'The environments of {{ $labels.project }} stand at {{ $value }} different migrations.',
    description: `Newest applied:{{ range printf "${select('migrationInfo', { project: '%s' }).replaceAll('"', String.raw`\"`)}" $labels.project | query | sortByLabel "environment" }} {{ .Labels.environment }} {{ .Labels.tag }}.{{ end }}`,
  },
  {
    name: 'RaingaugeArchiveStale',
    severity: 'critical',
    expr: `time() - ${uploaded} > ${2 * DAY + HOUR}`,
    for: '5m',
    summary: `The newest archive of ${PLACE} is {{ $value | humanizeDuration }} old.`,
    description: 'Two nightly backups were missed or failed. What was written since then could not be got back.',
  },
  {
    name: 'RaingaugeArchiveUnproven',
    severity: 'warning',
    expr: `time() - ${restored} > ${SILENT_AFTER.drill}`,
    for: '5m',
    summary: `The newest archive of ${PLACE} that was ever restored is {{ $value | humanizeDuration }} old.`,
    description: 'Two weekly drills were missed or failed. The archives since then are unproven.',
  },
  {
    name: 'RaingaugeNeverDrilled',
    severity: 'warning',
    expr: `${uploaded} unless on (project, environment) ${restored}`,
    for: '8d',
    summary: `No archive of ${PLACE} was ever restored.`,
    description: 'There are archives, and no drill has proven one. A backup that was never restored is a hope.',
  },
  {
    name: 'RaingaugeProblems',
    severity: 'warning',
    expr: `max by (project, job_name) (${select('runProblems')}) > 0`,
    for: '5m',
    summary:
      'The last {{ $labels.job_name }} of {{ $labels.project }} left {{ $value }} thing(s) undone beside its checks.',
    description: 'Often Slack could not be told, so route this alert elsewhere. The report names the reason.',
  },
  {
    name: 'RaingaugeClockSkew',
    severity: 'warning',
    expr: `max by (project, job_name) (${select('runCompletion')}) > time() + 300`,
    for: '5m',
    summary: 'The last {{ $labels.job_name }} of {{ $labels.project }} says that it ended in the future.',
    description: 'A clock is wrong, here or there. Alerts about silence and age cannot be trusted meanwhile.',
  },
]

// The panels of the dashboard. Every query is made from the metric catalogue, for the project that the reader chose.
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  LineInterpolation,
} from '@grafana/grafana-foundation-sdk/common'
import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  MappingType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type Panel,
  type Threshold,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as StateTimelinePanel } from '@grafana/grafana-foundation-sdk/statetimeline'
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table'
import { PanelBuilder as TimeSeriesPanel } from '@grafana/grafana-foundation-sdk/timeseries'
import { select } from './select.ts'

export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' }

const project = '$project'
const HOUR = 3600
const DAY = 24 * HOUR

/** 0 clean, 1 findings, 2 unknown: made from the state set, so that the three cannot hold at once. */
const STATUS = `max by (environment, check) (${select('checkStatus', { project, status: 'findings' })}) + 2 * max by (environment, check) (${select('checkStatus', { project, status: 'unknown' })})`

const STATUS_WORDS: ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: {
      '0': { text: 'clean', color: 'green', index: 0 },
      '1': { text: 'findings', color: 'red', index: 1 },
      '2': { text: 'unknown', color: 'purple', index: 2 },
    },
  },
]

function query(expr: string, legend: string): DataqueryBuilder {
  return new DataqueryBuilder().expr(expr).legendFormat(legend).datasource(DATASOURCE).range()
}

function instant(expr: string, legend: string): DataqueryBuilder {
  return new DataqueryBuilder().expr(expr).legendFormat(legend).datasource(DATASOURCE).instant()
}

function limits(...steps: Threshold[]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps)
}

/** Green, then amber and red from the given seconds on. */
function age(amber: number, red: number): ThresholdsConfigBuilder {
  return limits({ value: null, color: 'green' }, { value: amber, color: 'orange' }, { value: red, color: 'red' })
}

function series(title: string, description: string, unit: string, ...targets: DataqueryBuilder[]): TimeSeriesPanel {
  return new TimeSeriesPanel()
    .title(title)
    .description(description)
    .unit(unit)
    .min(0)
    .datasource(DATASOURCE)
    .lineInterpolation(LineInterpolation.StepAfter)
    .targets(targets)
    .height(8)
    .span(12)
}

function tiles(title: string, description: string, unit: string, target: DataqueryBuilder): StatPanel {
  return new StatPanel()
    .title(title)
    .description(description)
    .unit(unit)
    .datasource(DATASOURCE)
    .withTarget(target)
    .colorMode(BigValueColorMode.Background)
    .graphMode(BigValueGraphMode.None)
    .textMode(BigValueTextMode.ValueAndName)
    .height(6)
}

const status = tiles(
  'Checks',
  'The newest verdict of every check. Unknown means that the check could not look: that is not clean.',
  'short',
  instant(STATUS, '{{environment}} {{check}}'),
)
  .mappings(STATUS_WORDS)
  .noValue('no check has run')
  .span(16)

const lastRun = tiles(
  'Last run',
  'How long ago the newest run of each job ended. Amber and red by the default schedule of the hourly check.',
  's',
  instant(`time() - max by (job_name) (${select('runCompletion', { project })})`, '{{job_name}}'),
)
  .thresholds(age(2 * HOUR, 2 * DAY))
  .span(8)

const migrations = new TablePanel()
  .title('Newest migration')
  .description(
    'The newest applied migration of every environment, and how many are applied. They differ while a promotion is under way.',
  )
  .unit('short')
  .datasource(DATASOURCE)
  .withTarget(
    instant(
      `max by (environment, tag, hash) (${select('migrationInfo', { project })}) * on (environment) group_left () max by (environment) (${select('migrationsApplied', { project })})`,
      '',
    ).format(PromQueryFormat.Table),
  )
  .withTransformation({
    id: 'organize',
    options: { excludeByName: { Time: true }, renameByName: { Value: 'applied' } },
  })
  .height(8)
  .span(12)

const applied = series(
  'Migrations applied',
  'Rows of the ledger. A step is a deploy; lines apart are environments apart.',
  'short',
  query(`max by (environment) (${select('migrationsApplied', { project })})`, '{{environment}}'),
)

const findings = series(
  'Findings',
  'Findings of critical and warning severity, and what rules leave out. The report names each of them and says what to do.',
  'short',
  query(
    `max by (environment, check, severity) (${select('findings', { project, severity: '~critical|warning' })})`,
    '{{environment}} {{check}} {{severity}}',
  ),
  query(
    `max by (environment, check) (${select('ignoredFindings', { project })}) > 0`,
    '{{environment}} {{check}} ignored',
  ),
)

const fleet = series(
  'Databases of the fleet',
  'Of a fleet: in how many databases something is wrong, and how many could not be looked at. Its document names each of them.',
  'short',
  query(`max by (status) (${select('fleetDatabases', { project, status: '~findings|unknown' })})`, '{{status}}'),
)

const history = new StateTimelinePanel()
  .title('Checks over time')
  .description('When was what clean, wrong or unknown.')
  .unit('short')
  .datasource(DATASOURCE)
  .mappings(STATUS_WORDS)
  .withTarget(query(STATUS, '{{environment}} {{check}}'))
  .height(8)
  .span(12)

const archiveAge = tiles(
  'Archive age',
  'What would be lost: the age of the newest archive that is uploaded, read back (verified), and restored in a drill.',
  's',
  instant(`time() - max by (environment, trust) (${select('archiveTime', { project })})`, '{{environment}} {{trust}}'),
)
  .thresholds(age(2 * DAY, 15 * DAY))
  .noValue('no archive')
  .span(24)

const archiveSize = series(
  'Archive size',
  'The newest archive before compression and as stored. A sudden drop means lost tables, lost grants, or a real clean-up.',
  'decbytes',
  query(`max by (environment) (${select('archiveRawBytes', { project })})`, '{{environment}} raw'),
  query(`max by (environment) (${select('archiveStoredBytes', { project })})`, '{{environment}} stored'),
)

const archiveRows = series(
  'Archived rows',
  'Rows in all tables of the newest archive.',
  'short',
  query(`max by (environment) (${select('archiveRows', { project })})`, '{{environment}}'),
)

const durations = series(
  'Durations',
  'How long each job took, and each check in it.',
  's',
  query(`max by (job_name) (${select('runDuration', { project })})`, '{{job_name}}'),
  query(`max by (environment, check) (${select('checkDuration', { project })})`, '{{environment}} {{check}}'),
)

const health = new TablePanel()
  .title('The watchman')
  .description('Version, and what the newest run of each job left undone beside its checks, such as telling Slack.')
  .unit('short')
  .datasource(DATASOURCE)
  .withTarget(
    instant(
      `max by (job_name) (${select('runProblems', { project })}) * on () group_left (version) topk(1, ${select('buildInfo', { project })})`,
      '',
    ).format(PromQueryFormat.Table),
  )
  .withTransformation({
    id: 'organize',
    options: { excludeByName: { Time: true }, renameByName: { Value: 'undone', job_name: 'job' } },
  })
  .height(8)
  .span(12)

/** The rows of the dashboard, from "is anything wrong" down to detail. */
export const ROWS: { title: string; panels: Builder<Panel>[] }[] = [
  { title: 'Now', panels: [status, lastRun] },
  { title: 'History and schema', panels: [migrations, applied, findings, history, fleet] },
  { title: 'Archives', panels: [archiveAge, archiveSize, archiveRows] },
  { title: 'Raingauge itself', panels: [durations, health] },
]

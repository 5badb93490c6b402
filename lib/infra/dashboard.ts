import { CfnOutput, Duration, Stack } from 'aws-cdk-lib'
import {
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  TextWidget,
  type DashboardProps as CloudWatchDashboardProps,
  type IAlarm,
  type IWidget,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { Alarm } from '../config/alarms.ts'
import type { Config } from '../config/config.ts'
import { runbookAt } from './add-alarm.ts'
import { ages, findings, findingsOf, sizes } from './environment-widgets.ts'
import type { Fleet } from './fleet.ts'
import type { JobFunction } from './job-function.ts'
import { functionPanel, stoppedTasks, taskPanel, WIDTH } from './job-widgets.ts'
import { runMetric } from './run-metric.ts'
import type { Tasks } from './tasks.ts'

export type DashboardProps = {
  config: Config
  functions: readonly JobFunction[]
  /** Where jobs are tasks, and where there is a fleet. */
  tasks: Tasks | undefined
  fleet: Fleet | undefined
  /** Every alarm of the stack. */
  alarms: readonly IAlarm[]
  /** The entries of the catalogue that they are made of. */
  entries: readonly Alarm[]
  /** Goes over what is set here. */
  dashboardProps?: CloudWatchDashboardProps | undefined
}

/** Most that is asked of a newest problem's line. */
const PROBLEMS = 20

/** What the alarms watch, at one look: alarms, jobs, environments, what went wrong last, and the runbooks. */
export class Dashboard extends Construct {
  readonly dashboard: CloudWatchDashboard
  /** Told after a deployment. */
  readonly address: CfnOutput

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id)
    const { config, functions, tasks, fleet, alarms, entries, dashboardProps } = props
    const { region, stackName } = Stack.of(this)
    const environments = config.environments.map(({ name }) => name)
    const inTasks =
      tasks === undefined ? [] : Object.values(tasks.jobs).map(({ task }) => ({ task, events: tasks.events }))
    const width = Math.floor(WIDTH / (functions.length + inTasks.length))
    const panels = [
      ...functions.map((target) => functionPanel(target, width)),
      ...inTasks.map(({ task, events }) => taskPanel(task, events, config.project, width)),
    ]
    const logGroups = [
      ...panels.map(({ logGroup }) => logGroup),
      ...(fleet === undefined ? [] : [fleet.function.function.logGroup]),
    ]
    this.dashboard = new CloudWatchDashboard(this, 'Dashboard', {
      // Dashboards are the account's, not the region's.
      dashboardName: `Raingauge-${config.project}-${stackName}-${region}`,
      defaultInterval: Duration.days(14),
      widgets: [
        [
          new AlarmStatusWidget({
            title: `Raingauge: ${config.project}`,
            alarms: [...alarms],
            width: WIDTH,
            height: 4,
          }),
        ],
        panels.map(({ runs }) => runs),
        panels.map(({ durations }) => durations),
        [findings(config.project), ages(config, environments), sizes(config.project, environments)],
        functions.filter(({ job }) => job === 'check').map((check) => findingsOf(check, environments)),
        fleet === undefined ? [] : [databases(config.project)],
        tasks === undefined ? [] : [stoppedTasks(tasks.events)],
        [problems(logGroups), runbooks(entries, config.deploy.runbooks)],
      ],
      ...dashboardProps,
    })
    this.address = new CfnOutput(this, 'Address', {
      value: `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${this.dashboard.dashboardName}`,
    })
  }
}

function databases(project: string): IWidget {
  return new GraphWidget({
    title: 'Databases of the fleet',
    left: ['clean', 'findings', 'unknown'].map((status) =>
      runMetric('fleetDatabases', project, { status }, 'Maximum', Duration.hours(1)).with({ label: status }),
    ),
    leftYAxis: { min: 0, showUnits: false },
    stacked: true,
    width: WIDTH,
  })
}

/** Equal ones together, by their first 120 characters: what varies, such as an id, stands further back. */
function problems(logGroups: readonly ILogGroup[]): IWidget {
  return new LogQueryWidget({
    title: 'What went wrong',
    logGroupNames: logGroups.map(({ logGroupName }) => logGroupName),
    view: LogQueryVisualizationType.TABLE,
    queryLines: [
      'filter level = "ERROR"',
      'fields substr(message, 0, 120) as problem',
      'stats count(*) as times, min(@timestamp) as first, max(@timestamp) as last by job, problem',
      'sort last desc',
      `limit ${PROBLEMS}`,
    ],
    width: 16,
    height: 8,
  })
}

function runbooks(entries: readonly Alarm[], base: string | null): IWidget {
  const pages = [...new Map(entries.map((entry) => [entry.runbook, entry])).values()]
  const lines = pages.map((entry) => {
    const place = runbookAt(entry, base)
    const name = entry.runbook.slice(entry.runbook.lastIndexOf('/') + 1, -'.md'.length)
    return base === null ? `- \`${place}\`` : `- [${name}](${place})`
  })
  return new TextWidget({ markdown: ['## Runbooks', ...lines].join('\n'), width: 8, height: 8 })
}

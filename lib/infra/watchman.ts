import type { DashboardProps as CloudWatchDashboardProps, IAlarm } from 'aws-cdk-lib/aws-cloudwatch'
import type { IScheduleGroup } from 'aws-cdk-lib/aws-scheduler'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { ALARMS } from '../config/alarms.ts'
import type { Config } from '../config/config.ts'
import { FLEET_ALARMS } from '../config/fleet-alarms.ts'
import { ArchiveAlarms } from './archive-alarms.ts'
import { Dashboard } from './dashboard.ts'
import { DeliveryAlarms } from './delivery-alarms.ts'
import type { Fleet } from './fleet.ts'
import type { JobFunction } from './job-function.ts'
import type { Tasks } from './tasks.ts'

export type WatchmanProps = {
  config: Config
  functions: readonly JobFunction[]
  /** Where jobs are tasks, and where there is a fleet. */
  tasks: Tasks | undefined
  fleet: Fleet | undefined
  /** Those of the jobs, to be shown with its own. */
  alarms: readonly IAlarm[]
  topic: ITopic
  deadLetterQueue: IQueue
  /** Of this stack alone. */
  scheduleGroup: IScheduleGroup
  /** Goes over what is set for the dashboard. */
  dashboardProps?: CloudWatchDashboardProps | undefined
}

/** Watches what no job can see of itself: that it is started, and that archives are there. */
export class Watchman extends Construct {
  readonly delivery: DeliveryAlarms
  readonly archives: ArchiveAlarms
  /** Unless `deploy.dashboard` is false. */
  readonly dashboard: Dashboard | undefined

  constructor(scope: Construct, id: string, props: WatchmanProps) {
    super(scope, id)
    const { config, functions, tasks, fleet, topic, deadLetterQueue, scheduleGroup, dashboardProps } = props
    this.delivery = new DeliveryAlarms(this, 'Delivery', { config, topic, deadLetterQueue, scheduleGroup })
    this.archives = new ArchiveAlarms(this, 'Archives', { config, topic })
    if (!config.deploy.dashboard) return
    this.dashboard = new Dashboard(this, 'Dashboard', {
      config,
      functions,
      tasks,
      fleet,
      alarms: [...props.alarms, ...this.delivery.alarms, ...this.archives.alarms],
      entries: fleet === undefined ? ALARMS : [...ALARMS, ...FLEET_ALARMS],
      dashboardProps,
    })
  }
}

// What the dashboard shows of one job: how often it ran and failed, and how long it took of the time it has.
import { Duration } from 'aws-cdk-lib'
import { GraphWidget, LogQueryVisualizationType, LogQueryWidget, type IWidget } from 'aws-cdk-lib/aws-cloudwatch'
import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import type { JobFunction } from './job-function.ts'
import { JOB_PLANS } from './job-plan.ts'
import type { JobTask } from './job-task.ts'
import { runMetric } from './run-metric.ts'
import type { TaskEvents } from './task-events.ts'
import { TASK_PLANS } from './task-plan.ts'

export type JobPanel = {
  runs: IWidget
  durations: IWidget
  logGroup: ILogGroup
}

/** Columns of a dashboard. */
export const WIDTH = 24

const period = Duration.hours(1)

/** A job that is a function. `width`: of each widget, in the 24 columns of a dashboard. */
export function functionPanel({ job, function: target }: JobFunction, width: number): JobPanel {
  const limit = target.timeout ?? Duration.minutes(JOB_PLANS[job].timeoutMinutes)
  return {
    runs: new GraphWidget({
      title: `${job}: runs`,
      left: [
        target.metricInvocations({ period, statistic: 'Sum', label: 'started' }),
        target.metricErrors({ period, statistic: 'Sum', label: 'failed' }),
        target.metricThrottles({ period, statistic: 'Sum', label: 'refused' }),
      ],
      leftYAxis: { min: 0, showUnits: false },
      width,
    }),
    durations: new GraphWidget({
      title: `${job}: time, of ${limit.toHumanString()}`,
      left: [target.metricDuration({ period, statistic: 'Maximum', label: 'longest' })],
      leftAnnotations: [{ value: limit.toMilliseconds(), label: 'killed at' }],
      leftYAxis: { min: 0 },
      width,
    }),
    logGroup: target.logGroup,
  }
}

/** A job that is a task: its runs as ECS tells them, so also those that had no start or no memory left; only how long they took, they tell themselves. */
export function taskPanel({ job, logGroup }: JobTask, events: TaskEvents, project: string, width: number): JobPanel {
  const limit = Duration.hours(TASK_PLANS[job].hours)
  const place = { job_name: job }
  return {
    runs: new GraphWidget({
      title: `${job}: runs`,
      left: [
        events.metricFailed(job, { period, statistic: 'SampleCount', label: 'ended' }),
        events.metricFailed(job, { period, statistic: 'Sum', label: 'failed' }),
      ],
      leftYAxis: { min: 0, showUnits: false },
      width,
    }),
    durations: new GraphWidget({
      title: `${job}: time, of ${limit.toHumanString()}`,
      left: [runMetric('runDuration', project, place, 'Maximum', period).with({ label: 'longest' })],
      leftAnnotations: [{ value: limit.toSeconds(), label: 'stopped at' }],
      leftYAxis: { min: 0 },
      width,
    }),
    logGroup,
  }
}

/** The newest tasks and why they stopped, as ECS says it. */
export function stoppedTasks(events: TaskEvents): IWidget {
  const container = 'detail.containers.0'
  return new LogQueryWidget({
    title: 'Tasks that ended',
    logGroupNames: [events.logGroup.logGroupName],
    view: LogQueryVisualizationType.TABLE,
    queryLines: [
      `fields time, ${container}.name as job, ${container}.exitCode as status, coalesce(${container}.reason, detail.stoppedReason) as reason`,
      'sort time desc',
      'limit 20',
    ],
    width: WIDTH,
    height: 5,
  })
}

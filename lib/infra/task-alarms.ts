import { Duration } from 'aws-cdk-lib'
import { ComparisonOperator, TreatMissingData, type Alarm, type AlarmProps } from 'aws-cdk-lib/aws-cloudwatch'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { JOB_ALARMS, NEAR_TIMEOUT, type JobCondition } from '../config/alarms.ts'
import type { Config } from '../config/config.ts'
import type { TaskJob } from '../config/function-variables.ts'
import { addAlarm, AT_LEAST_ONE } from './add-alarm.ts'
import { runMetric } from './run-metric.ts'
import { silenceOf } from './silence.ts'
import type { TaskEvents } from './task-events.ts'
import { TASK_PLANS } from './task-plan.ts'

export type TaskAlarmsProps = { job: TaskJob; config: Config; events: TaskEvents; topic: ITopic }

/** The alarms of the catalogue for a job that is a task: as for a function, but that nothing refuses it a start besides what Scheduler is told. */
export class TaskAlarms extends Construct {
  readonly alarms: Alarm[] = []

  constructor(scope: Construct, id: string, props: TaskAlarmsProps) {
    super(scope, id)
    const { job, config, topic } = props
    for (const entry of JOB_ALARMS) {
      if (entry.job !== job) continue
      // What is never started by itself is silent for a reason.
      if (entry.condition === 'silent' && config.deploy.schedules[job].length === 0) continue
      const watch = watchTask(props, entry.condition)
      if (watch !== null) this.alarms.push(addAlarm(this, entry.name, { entry, config, topic, watch }))
    }
  }
}

/** null: there is no such thing for a task. */
function watchTask({ job, config, events }: TaskAlarmsProps, condition: JobCondition): AlarmProps | null {
  const period = Duration.minutes(5)
  switch (condition) {
    case 'failing':
      return {
        metric: events.metricFailed(job, { period, statistic: 'Maximum' }),
        ...AT_LEAST_ONE,
        // A task that ends well is a zero. Until then it goes on failing, however long its next slot is away.
        treatMissingData: TreatMissingData.IGNORE,
      }
    case 'silent':
      return {
        // Only runs that came to an end tell how long they took.
        metric: runMetric('runDuration', config.project, { job_name: job }, 'SampleCount', Duration.hours(1)),
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        threshold: 1,
        evaluationPeriods: silenceOf(job, config.deploy.schedules[job]),
        treatMissingData: TreatMissingData.BREACHING,
      }
    case 'near-timeout':
      return {
        metric: runMetric('runDuration', config.project, { job_name: job }, 'Maximum', period),
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        threshold: NEAR_TIMEOUT * TASK_PLANS[job].hours * 3600,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.IGNORE,
      }
    case 'throttled':
      return null
    default:
      return condition satisfies never
  }
}

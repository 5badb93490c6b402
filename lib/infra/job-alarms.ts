import { Duration } from 'aws-cdk-lib'
import { ComparisonOperator, TreatMissingData, type Alarm, type AlarmProps } from 'aws-cdk-lib/aws-cloudwatch'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { JOB_ALARMS, type JobCondition } from '../config/alarms.ts'
import type { Config } from '../config/config.ts'
import { addAlarm, AT_LEAST_ONE } from './add-alarm.ts'
import { nearTimeout, throttled } from './function-conditions.ts'
import type { JobFunction } from './job-function.ts'
import { JOB_PLANS } from './job-plan.ts'
import { silenceOf } from './silence.ts'

export type JobAlarmsProps = {
  target: JobFunction
  config: Config
  topic: ITopic
}

/** The alarms of the catalogue for one job: it fails, is silent, runs out of time, or is refused a start. */
export class JobAlarms extends Construct {
  readonly alarms: Alarm[] = []

  constructor(scope: Construct, id: string, props: JobAlarmsProps) {
    super(scope, id)
    const { target, config, topic } = props
    for (const entry of JOB_ALARMS) {
      if (entry.job !== target.job) continue
      // What is never started by itself is silent for a reason.
      if (entry.condition === 'silent' && config.deploy.schedules[entry.job].length === 0) continue
      const watch = watchFunction(target, config, entry.condition)
      this.alarms.push(addAlarm(this, entry.name, { entry, config, topic, watch }))
    }
  }
}

/** The metrics of a function: Lambda Developer Guide, "Types of metrics for Lambda functions". */
function watchFunction({ job, function: target }: JobFunction, config: Config, condition: JobCondition): AlarmProps {
  const period = Duration.minutes(5)
  switch (condition) {
    case 'failing':
      return {
        metric: target.metricErrors({ period, statistic: 'Sum' }),
        ...AT_LEAST_ONE,
        // A run that ends well sends a zero. Until then it goes on failing, however long its next slot is away.
        treatMissingData: TreatMissingData.IGNORE,
      }
    case 'silent':
      return {
        metric: target.metricInvocations({ period: Duration.hours(1), statistic: 'Sum' }),
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        threshold: 1,
        evaluationPeriods: silenceOf(job, config.deploy.schedules[job]),
        // No invocation is no data at all: Lambda sends no zeros.
        treatMissingData: TreatMissingData.BREACHING,
      }
    case 'near-timeout':
      // Whatever a caller gave the function goes over the plan.
      return nearTimeout(target, target.timeout ?? Duration.minutes(JOB_PLANS[job].timeoutMinutes))
    case 'throttled':
      return throttled(target)
    default:
      return condition satisfies never
  }
}

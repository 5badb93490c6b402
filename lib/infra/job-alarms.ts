import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, TreatMissingData, type AlarmProps } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { ALARMS } from '../config/alarms.ts'
import type { Config } from '../config/config.ts'
import type { JobFunction } from './job-function.ts'
import { silenceOf } from './silence.ts'

export type JobAlarmsProps = {
  target: JobFunction
  config: Config
  topic: ITopic
}

/** The alarms of the catalogue for one job: it fails, or it is silent. */
export class JobAlarms extends Construct {
  readonly alarms: Alarm[] = []

  constructor(scope: Construct, id: string, props: JobAlarmsProps) {
    super(scope, id)
    const { target, config, topic } = props
    for (const { name, job, condition, title, runbook } of ALARMS) {
      if (job !== target.job) continue
      // What is never started by itself is silent for a reason.
      if (condition === 'silent' && config.deploy.schedules[job].length === 0) continue
      const alarm = new Alarm(this, name, {
        alarmName: `${name}-${config.project}`,
        alarmDescription: `${title}. Runbook: ${runbook}`,
        ...this.#watch(target, config, condition),
      })
      alarm.addAlarmAction(new SnsAction(topic))
      alarm.addOkAction(new SnsAction(topic))
      this.alarms.push(alarm)
    }
  }

  #watch(target: JobFunction, config: Config, condition: (typeof ALARMS)[number]['condition']): AlarmProps {
    switch (condition) {
      case 'failing':
        return {
          metric: target.function.metricErrors({ period: Duration.minutes(5), statistic: 'Sum' }),
          comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
          threshold: 1,
          evaluationPeriods: 1,
          // A run that ends well sends a zero. Until then it goes on failing, however long its next slot is away.
          treatMissingData: TreatMissingData.IGNORE,
        }
      case 'silent':
        return {
          metric: target.function.metricInvocations({ period: Duration.hours(1), statistic: 'Sum' }),
          comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
          threshold: 1,
          evaluationPeriods: silenceOf(target.job, config.deploy.schedules[target.job]),
          // No invocation is no data at all: Lambda sends no zeros.
          treatMissingData: TreatMissingData.BREACHING,
        }
      default:
        return condition satisfies never
    }
  }
}

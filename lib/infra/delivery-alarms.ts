import { Duration } from 'aws-cdk-lib'
import { TreatMissingData, type Alarm, type AlarmProps } from 'aws-cdk-lib/aws-cloudwatch'
import type { IScheduleGroup } from 'aws-cdk-lib/aws-scheduler'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { DELIVERY_ALARMS, type DeliveryCondition } from '../config/alarms.ts'
import type { Config } from '../config/config.ts'
import { addAlarm, AT_LEAST_ONE } from './add-alarm.ts'

export type DeliveryAlarmsProps = {
  config: Config
  topic: ITopic
  deadLetterQueue: IQueue
  /** Of this stack alone: Scheduler counts by group, and not by schedule. */
  scheduleGroup: IScheduleGroup
}

/** The alarms of the catalogue for the way from the schedule to the job. */
export class DeliveryAlarms extends Construct {
  readonly alarms: Alarm[]

  constructor(scope: Construct, id: string, props: DeliveryAlarmsProps) {
    super(scope, id)
    const { config, topic } = props
    this.alarms = DELIVERY_ALARMS.map((entry) =>
      addAlarm(this, entry.name, { entry, config, topic, watch: watchDelivery(props, entry.condition) }),
    )
  }
}

function watchDelivery(
  { deadLetterQueue, scheduleGroup }: DeliveryAlarmsProps,
  condition: DeliveryCondition,
): AlarmProps {
  const period = Duration.minutes(5)
  switch (condition) {
    case 'dead-lettered':
      return {
        metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }),
        ...AT_LEAST_ONE,
        // A queue that nobody touches for hours sends nothing; one with a message in it goes on sending.
        treatMissingData: TreatMissingData.IGNORE,
      }
    case 'undelivered':
      return {
        // EventBridge Scheduler User Guide, "Monitoring Amazon EventBridge Scheduler with Amazon CloudWatch".
        metric: scheduleGroup.metricTargetErrors({ period, statistic: 'Sum' }),
        ...AT_LEAST_ONE,
        // Scheduler sends no zeros. It tries again for a while; what it gives up is a dead letter.
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }
    default:
      return condition satisfies never
  }
}

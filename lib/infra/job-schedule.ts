import { Duration, TimeZone } from 'aws-cdk-lib'
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
  TimeWindow,
  type ScheduleProps,
} from 'aws-cdk-lib/aws-scheduler'
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { Slot } from '../config/schedules.ts'
import type { JobFunction } from './job-function.ts'
import { JOB_PLANS } from './job-plan.ts'

export type JobScheduleProps = {
  target: JobFunction
  slot: Slot
  /** IANA name. */
  timeZone: string
  /** Gets the slots that could not be handed to the function. */
  deadLetterQueue: IQueue
  /** Goes over what is set here. */
  scheduleProps?: Partial<ScheduleProps> | undefined
}

/** Starts a job when its time has come, of one environment or of all. */
export class JobSchedule extends Construct {
  readonly schedule: Schedule

  constructor(scope: Construct, id: string, props: JobScheduleProps) {
    super(scope, id)
    const { target, slot, timeZone, deadLetterQueue, scheduleProps } = props
    const { environment, expression } = slot
    this.schedule = new Schedule(this, 'Schedule', {
      description: `Raingauge: ${JOB_PLANS[target.job].description}${environment === null ? '' : `: ${environment}`}`,
      schedule: ScheduleExpression.expression(expression, TimeZone.of(timeZone)),
      // Everybody's schedules fire on the minute.
      timeWindow: TimeWindow.flexible(Duration.minutes(10)),
      target: new LambdaInvoke(target.function, {
        deadLetterQueue,
        // The same for each try of a slot, however late: by it, a second try makes no second archive.
        input: ScheduleTargetInput.fromObject({
          slot: ContextAttribute.scheduledTime,
          ...(environment === null ? {} : { environment }),
        }),
        // Of handing over, not of the job: they begin no job twice.
        retryAttempts: 5,
        maxEventAge: Duration.minutes(JOB_PLANS[target.job].startWithinMinutes),
      }),
      ...scheduleProps,
    })
  }
}

import { Duration, TimeZone } from 'aws-cdk-lib'
import {
  Schedule,
  ScheduleExpression,
  TimeWindow,
  type IScheduleTarget,
  type ScheduleProps,
} from 'aws-cdk-lib/aws-scheduler'
import type { ScheduleTargetBaseProps } from 'aws-cdk-lib/aws-scheduler-targets'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import type { FunctionJob } from '../config/function-variables.ts'
import type { Slot } from '../config/schedules.ts'
import { JOB_PLANS } from './job-plan.ts'

/** What every construct that starts something on a schedule is given. */
export type ScheduledProps = {
  /** IANA name. */
  timeZone: string
  /** Gets the slots that could not be handed over. */
  deadLetterQueue: IQueue
  /** Goes over what is set here. */
  scheduleProps?: Partial<ScheduleProps> | undefined
}

type Start = { description: string; expression: string; target: IScheduleTarget }

/** The one schedule of a construct. */
export function addSchedule(scope: Construct, start: Start, { timeZone, scheduleProps }: ScheduledProps): Schedule {
  const { description, expression, target } = start
  return new Schedule(scope, 'Schedule', {
    description,
    schedule: ScheduleExpression.expression(expression, TimeZone.of(timeZone)),
    // Everybody's schedules fire on the minute.
    timeWindow: TimeWindow.flexible(Duration.minutes(10)),
    target,
    ...scheduleProps,
  })
}

/** What a schedule says of itself: the job, and of which environment. */
export function describeSlot(job: FunctionJob, { environment }: Slot): string {
  return `Raingauge: ${JOB_PLANS[job].description}${environment === null ? '' : `: ${environment}`}`
}

/** How often handing over is tried, and until when: it is not the work itself, which is begun once. */
export function handOver(startWithinMinutes: number, { deadLetterQueue }: ScheduledProps): ScheduleTargetBaseProps {
  return { deadLetterQueue, retryAttempts: 5, maxEventAge: Duration.minutes(startWithinMinutes) }
}

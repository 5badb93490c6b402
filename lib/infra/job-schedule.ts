import { ContextAttribute, ScheduleTargetInput, type Schedule } from 'aws-cdk-lib/aws-scheduler'
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets'
import { Construct } from 'constructs'
import type { Slot } from '../config/schedules.ts'
import { addSchedule, describeSlot, handOver, type ScheduledProps } from './add-schedule.ts'
import type { JobFunction } from './job-function.ts'
import { JOB_PLANS } from './job-plan.ts'

export type JobScheduleProps = ScheduledProps & { target: JobFunction; slot: Slot }

/** Starts a job when its time has come, of one environment or of all. */
export class JobSchedule extends Construct {
  readonly schedule: Schedule

  constructor(scope: Construct, id: string, props: JobScheduleProps) {
    super(scope, id)
    const { target, slot } = props
    const { environment, expression } = slot
    const invoke = new LambdaInvoke(target.function, {
      ...handOver(JOB_PLANS[target.job].startWithinMinutes, props),
      // The same for each try of a slot, however late: by it, a second try makes no second archive.
      input: ScheduleTargetInput.fromObject({
        slot: ContextAttribute.scheduledTime,
        ...(environment === null ? {} : { environment }),
      }),
    })
    const description = describeSlot(target.job, slot)
    this.schedule = addSchedule(this, { description, expression, target: invoke }, props)
  }
}

import { Duration, TimeZone } from 'aws-cdk-lib'
import type { Cluster } from 'aws-cdk-lib/aws-ecs'
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
  TimeWindow,
  type ScheduleProps,
} from 'aws-cdk-lib/aws-scheduler'
import { EcsRunFargateTask } from 'aws-cdk-lib/aws-scheduler-targets'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { TASK_VARIABLES } from '../config/function-variables.ts'
import type { Slot } from '../config/schedules.ts'
import { JOB_PLANS } from './job-plan.ts'
import type { JobTask } from './job-task.ts'
import type { TaskNetwork } from './task-network.ts'

export type TaskScheduleProps = {
  target: JobTask
  cluster: Cluster
  network: TaskNetwork
  slot: Slot
  /** IANA name. */
  timeZone: string
  /** Gets the slots for which no task could be started. */
  deadLetterQueue: IQueue
  /** Goes over what is set here. */
  scheduleProps?: Partial<ScheduleProps> | undefined
}

/** Starts a task when its time has come, of one environment or of all. */
export class TaskSchedule extends Construct {
  readonly schedule: Schedule

  constructor(scope: Construct, id: string, props: TaskScheduleProps) {
    super(scope, id)
    const { target, cluster, network, slot, timeZone, deadLetterQueue, scheduleProps } = props
    const { environment, expression } = slot
    const variables = [
      // The same for each try of a slot, however late: by it, a second try makes no second archive.
      { name: TASK_VARIABLES.slot, value: ContextAttribute.scheduledTime },
      ...(environment === null ? [] : [{ name: TASK_VARIABLES.environment, value: environment }]),
    ]
    this.schedule = new Schedule(this, 'Schedule', {
      description: `Raingauge: ${JOB_PLANS[target.job].description}${environment === null ? '' : `: ${environment}`}`,
      schedule: ScheduleExpression.expression(expression, TimeZone.of(timeZone)),
      // Everybody's schedules fire on the minute.
      timeWindow: TimeWindow.flexible(Duration.minutes(10)),
      target: new EcsRunFargateTask(cluster, {
        taskDefinition: target.definition,
        vpcSubnets: network.subnets,
        securityGroups: network.securityGroups,
        ...(network.publicIp ? { assignPublicIp: true } : {}),
        deadLetterQueue,
        input: ScheduleTargetInput.fromObject({ containerOverrides: [{ name: target.job, environment: variables }] }),
        // Of starting the task, such as when there is no room for it just now. A task that ended is not begun again: it told of it.
        retryAttempts: 5,
        maxEventAge: Duration.minutes(JOB_PLANS[target.job].startWithinMinutes),
      }),
      ...scheduleProps,
    })
  }
}

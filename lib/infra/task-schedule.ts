import type { Cluster } from 'aws-cdk-lib/aws-ecs'
import { ContextAttribute, ScheduleTargetInput, type Schedule } from 'aws-cdk-lib/aws-scheduler'
import { EcsRunFargateTask } from 'aws-cdk-lib/aws-scheduler-targets'
import { Construct } from 'constructs'
import { TASK_VARIABLES } from '../config/function-variables.ts'
import type { Slot } from '../config/schedules.ts'
import { addSchedule, describeSlot, handOver, type ScheduledProps } from './add-schedule.ts'
import { JOB_PLANS } from './job-plan.ts'
import type { JobTask } from './job-task.ts'
import type { TaskNetwork } from './task-network.ts'

export type TaskScheduleProps = ScheduledProps & {
  target: JobTask
  cluster: Cluster
  network: TaskNetwork
  slot: Slot
}

/** Starts a task when its time has come, of one environment or of all. */
export class TaskSchedule extends Construct {
  readonly schedule: Schedule

  constructor(scope: Construct, id: string, props: TaskScheduleProps) {
    super(scope, id)
    const { target, cluster, network, slot } = props
    const { environment, expression } = slot
    const variables = [
      // The same for each try of a slot, however late: by it, a second try makes no second archive.
      { name: TASK_VARIABLES.slot, value: ContextAttribute.scheduledTime },
      ...(environment === null ? [] : [{ name: TASK_VARIABLES.environment, value: environment }]),
    ]
    const run = new EcsRunFargateTask(cluster, {
      // There may be no room for a task just now. One that ended is not begun again: it told of it.
      ...handOver(JOB_PLANS[target.job].startWithinMinutes, props),
      taskDefinition: target.definition,
      vpcSubnets: network.subnets,
      securityGroups: network.securityGroups,
      ...(network.publicIp ? { assignPublicIp: true } : {}),
      input: ScheduleTargetInput.fromObject({ containerOverrides: [{ name: target.job, environment: variables }] }),
    })
    this.schedule = addSchedule(this, { description: describeSlot(target.job, slot), expression, target: run }, props)
  }
}

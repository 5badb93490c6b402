import { CfnOutput } from 'aws-cdk-lib'
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch'
import { Cluster, type ContainerDefinitionOptions, type FargateTaskDefinitionProps } from 'aws-cdk-lib/aws-ecs'
import type { ScheduleProps } from 'aws-cdk-lib/aws-scheduler'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { Config } from '../config/config.ts'
import { TASK_JOBS, type TaskJob } from '../config/function-variables.ts'
import type { ArchiveBucket } from './archive-bucket.ts'
import { JobTask } from './job-task.ts'
import type { Network } from './network.ts'
import { TaskAlarms } from './task-alarms.ts'
import { TaskEvents } from './task-events.ts'
import { TaskNetwork } from './task-network.ts'
import { TaskSchedule } from './task-schedule.ts'

export type TasksProps = {
  config: Config
  /** Folder with the bundle of each job. */
  assets: Readonly<Record<TaskJob, string>>
  store: ArchiveBucket
  /** Where `deploy.vpc` names one. */
  network: Network | undefined
  /** Gets the alarms. */
  topic: ITopic
  /** Gets the slots for which no task could be started. */
  deadLetterQueue: IQueue
  /** Go over what is set here. */
  scheduleProps?: Partial<ScheduleProps> | undefined
  taskProps?: Partial<FargateTaskDefinitionProps> | undefined
  containerProps?: Partial<ContainerDefinitionOptions> | undefined
}

/** `byHand`: what to type to run the job, among the outputs of the stack. */
export type ScheduledTask = { task: JobTask; byHand: CfnOutput; schedules: TaskSchedule[]; alarms: TaskAlarms }

/** The jobs that outlast a function, as tasks of ECS on Fargate: `deploy.compute: 'fargate'`. */
export class Tasks extends Construct {
  readonly network: TaskNetwork
  readonly cluster: Cluster
  readonly events: TaskEvents
  readonly jobs: Readonly<Record<TaskJob, ScheduledTask>>

  constructor(scope: Construct, id: string, props: TasksProps) {
    super(scope, id)
    const { project } = props.config
    this.network = new TaskNetwork(this, 'Network', { project, network: props.network })
    this.cluster = new Cluster(this, 'Cluster', { vpc: this.network.vpc })
    this.events = new TaskEvents(this, 'Events', { cluster: this.cluster })
    this.jobs = Object.fromEntries(TASK_JOBS.map((job) => [job, this.#build(job, props)])) as Record<
      TaskJob,
      ScheduledTask
    >
  }

  /** Every alarm of every task. */
  get alarms(): Alarm[] {
    return Object.values(this.jobs).flatMap(({ alarms }) => alarms.alarms)
  }

  #build(job: TaskJob, props: TasksProps): ScheduledTask {
    const { config, assets, store, topic, deadLetterQueue, scheduleProps, taskProps, containerProps } = props
    const { cluster, network, events } = this
    const { schedules, timeZone } = config.deploy
    const target = new JobTask(this, `${job}Task`, {
      job,
      config,
      asset: assets[job],
      store,
      taskProps,
      containerProps,
    })
    return {
      task: target,
      byHand: this.#tellHow(job, target),
      schedules: schedules[job].map((slot) => {
        const name = [job, slot.environment, 'Schedule'].filter((part) => part !== null).join('-')
        return new TaskSchedule(this, name, {
          target,
          cluster,
          network,
          slot,
          timeZone,
          deadLetterQueue,
          scheduleProps,
        })
      }),
      alarms: new TaskAlarms(this, `${job}Alarms`, { job, config, events, topic }),
    }
  }

  #tellHow(job: TaskJob, { definition }: JobTask): CfnOutput {
    const { vpc, subnets, securityGroups, publicIp } = this.network
    const places = vpc.selectSubnets(subnets).subnetIds.join(',')
    const groups = securityGroups.map((group) => group.securityGroupId).join(',')
    const where = `awsvpcConfiguration={subnets=[${places}],securityGroups=[${groups}],assignPublicIp=${publicIp ? 'ENABLED' : 'DISABLED'}}`
    return new CfnOutput(this, `${job}ByHand`, {
      value: `aws ecs run-task --launch-type FARGATE --cluster ${this.cluster.clusterName} --task-definition ${definition.family} --network-configuration '${where}'`,
    })
  }
}

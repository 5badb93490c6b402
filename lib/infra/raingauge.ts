import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import type { DashboardProps } from 'aws-cdk-lib/aws-cloudwatch'
import { Key } from 'aws-cdk-lib/aws-kms'
import type { FunctionProps } from 'aws-cdk-lib/aws-lambda'
import type { BucketProps } from 'aws-cdk-lib/aws-s3'
import { ScheduleGroup, type IScheduleGroup, type ScheduleProps } from 'aws-cdk-lib/aws-scheduler'
import type { TopicProps } from 'aws-cdk-lib/aws-sns'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { Config } from '../config/config.ts'
import type { FunctionJob } from '../config/function-variables.ts'
import { AlarmTopic } from './alarm-topic.ts'
import { ArchiveBucket } from './archive-bucket.ts'
import { JobAlarms } from './job-alarms.ts'
import { JobFunction } from './job-function.ts'
import { JobSchedule } from './job-schedule.ts'
import { Watchman } from './watchman.ts'

export type RaingaugeProps = {
  config: Config
  /** Folder with the bundle of each job. */
  assets: Readonly<Record<FunctionJob, string>>
  /** Go over what is set for every function; their environment is merged. */
  functionProps?: Partial<FunctionProps> | undefined
  /** Go over what is set for the bucket that is made. */
  bucketProps?: BucketProps | undefined
  /** Go over what is set for every schedule. */
  scheduleProps?: Partial<ScheduleProps> | undefined
  /** Go over what is set for the topic of the alarms. */
  topicProps?: TopicProps | undefined
  /** Go over what is set for the dashboard. */
  dashboardProps?: DashboardProps | undefined
}

export type ScheduledJob = { function: JobFunction; schedules: JobSchedule[]; alarms: JobAlarms }

/** Everything that runs Raingauge unattended for one project, as a part of any stack. */
export class Raingauge extends Construct {
  readonly jobs: Readonly<Record<FunctionJob, ScheduledJob>>
  readonly archives: ArchiveBucket
  readonly alarms: AlarmTopic
  readonly encryptionKey: Key
  /** Where slots end that could not be handed over. */
  readonly deadLetterQueue: Queue
  /** Of every schedule: Scheduler's metrics are by group. */
  readonly scheduleGroup: IScheduleGroup
  readonly watchman: Watchman

  constructor(scope: Construct, id: string, props: RaingaugeProps) {
    super(scope, id)
    const { config, assets, functionProps, bucketProps, topicProps, dashboardProps } = props
    // Archives outlive the stack, so what decrypts them must too.
    this.encryptionKey = new Key(this, 'Key', {
      description: `Raingauge: archives and alarms of ${config.project}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const { encryptionKey } = this
    this.archives = new ArchiveBucket(this, 'Archives', { store: config.store, encryptionKey, bucketProps })
    this.alarms = new AlarmTopic(this, 'Alarms', {
      encryptionKey,
      email: config.deploy.alarmEmail,
      chat: config.deploy.alarmChat && { project: config.project, ...config.deploy.alarmChat },
      topicProps,
    })
    this.deadLetterQueue = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // The most there is: a slot that was given up should still be there when somebody is back.
      retentionPeriod: Duration.days(14),
    })
    this.scheduleGroup =
      props.scheduleProps?.scheduleGroup ??
      new ScheduleGroup(this, 'Schedules', { removalPolicy: RemovalPolicy.DESTROY })
    const scheduleProps = { scheduleGroup: this.scheduleGroup, ...props.scheduleProps }
    const build = (job: FunctionJob): ScheduledJob => {
      const target = new JobFunction(this, `${job}Job`, { job, config, asset: assets[job], functionProps })
      this.archives.grantJob(job, target.function)
      const { deadLetterQueue } = this
      return {
        function: target,
        schedules: config.deploy.schedules[job].map(
          (slot) =>
            new JobSchedule(this, [job, slot.environment, 'Schedule'].filter((part) => part !== null).join('-'), {
              target,
              slot,
              timeZone: config.deploy.timeZone,
              deadLetterQueue,
              scheduleProps,
            }),
        ),
        alarms: new JobAlarms(this, `${job}Alarms`, { target, config, topic: this.alarms.topic }),
      }
    }
    this.jobs = { check: build('check'), backup: build('backup'), drill: build('drill'), prune: build('prune') }
    const all = Object.values(this.jobs)
    this.watchman = new Watchman(this, 'Watchman', {
      config,
      functions: all.map((job) => job.function),
      alarms: all.flatMap(({ alarms }) => alarms.alarms),
      topic: this.alarms.topic,
      deadLetterQueue: this.deadLetterQueue,
      scheduleGroup: this.scheduleGroup,
      dashboardProps,
    })
  }
}

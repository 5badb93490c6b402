import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import { Key } from 'aws-cdk-lib/aws-kms'
import type { FunctionProps } from 'aws-cdk-lib/aws-lambda'
import type { BucketProps } from 'aws-cdk-lib/aws-s3'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import type { Config } from '../config/config.ts'
import type { FunctionJob } from '../config/function-variables.ts'
import { AlarmTopic } from './alarm-topic.ts'
import { ArchiveBucket } from './archive-bucket.ts'
import { JobAlarms } from './job-alarms.ts'
import { JobFunction } from './job-function.ts'
import { JobSchedule } from './job-schedule.ts'

export type RaingaugeStackProps = StackProps & {
  config: Config
  /** Folder with the bundle of each job. */
  assets: Readonly<Record<FunctionJob, string>>
  /** Go over what the stack sets for every function. */
  functionProps?: Partial<FunctionProps>
  /** Go over what the stack sets for the bucket that it makes. */
  bucketProps?: BucketProps
}

export type ScheduledJob = { function: JobFunction; schedule: JobSchedule; alarms: JobAlarms }

/** Everything that runs Raingauge unattended for one project. */
export class RaingaugeStack extends Stack {
  readonly jobs: Readonly<Record<FunctionJob, ScheduledJob>>
  readonly archives: ArchiveBucket
  readonly alarms: AlarmTopic

  constructor(scope: Construct, id: string, props: RaingaugeStackProps) {
    const { config, assets, functionProps, bucketProps, ...stackProps } = props
    const { account, region, alarmEmail } = config.deploy
    super(scope, id, {
      description: `Raingauge: watches the databases of ${config.project}`,
      ...(account === undefined && region === undefined ? {} : { env: { account, region } }),
      ...stackProps,
    })
    // Archives outlive the stack, so what decrypts them must too.
    const encryptionKey = new Key(this, 'Key', {
      description: `Raingauge: archives and alarms of ${config.project}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    this.archives = new ArchiveBucket(this, 'Archives', { store: config.store, encryptionKey, bucketProps })
    this.alarms = new AlarmTopic(this, 'Alarms', { encryptionKey, email: alarmEmail })
    const deadLetterQueue = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    })
    const build = (job: FunctionJob): ScheduledJob => {
      const target = new JobFunction(this, `${job}Job`, { job, config, asset: assets[job], functionProps })
      this.archives.grantJob(job, target.function)
      return {
        function: target,
        schedule: new JobSchedule(this, `${job}Schedule`, { target, deployment: config.deploy, deadLetterQueue }),
        alarms: new JobAlarms(this, `${job}Alarms`, { target, config, topic: this.alarms.topic }),
      }
    }
    this.jobs = { check: build('check'), backup: build('backup'), drill: build('drill') }
  }
}

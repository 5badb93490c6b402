import { resolve } from 'node:path'
import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import type { DashboardProps } from 'aws-cdk-lib/aws-cloudwatch'
import type { IGrantable } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import type { FunctionProps } from 'aws-cdk-lib/aws-lambda'
import type { BucketProps } from 'aws-cdk-lib/aws-s3'
import { ScheduleGroup, type IScheduleGroup, type ScheduleProps } from 'aws-cdk-lib/aws-scheduler'
import type { TopicProps } from 'aws-cdk-lib/aws-sns'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct, type IConstruct } from 'constructs'
import { ConfigError } from '../config/config-error.ts'
import type { Config, RaingaugeConfig } from '../config/config.ts'
import { deployableConfig } from '../config/deployable-config.ts'
import type { FunctionJob, TaskJob } from '../config/function-variables.ts'
import { acknowledgeRules } from './acknowledge-rules.ts'
import { AlarmTopic } from './alarm-topic.ts'
import { ArchiveBucket } from './archive-bucket.ts'
import { Fleet } from './fleet.ts'
import { JobAlarms } from './job-alarms.ts'
import { bundlesFor } from './bundles-for.ts'
import { JobFunction } from './job-function.ts'
import { JobSchedule } from './job-schedule.ts'
import { mergeFunctionProps } from './merge-function-props.ts'
import { Network } from './network.ts'
import { addReplica, type Replica } from './replica.ts'
import { PUBLISH_BUCKET_ACCESS, publishAccess } from './publish-access.ts'
import { Tasks, type TasksProps } from './tasks.ts'
import { Watchman } from './watchman.ts'

export type RaingaugeProps = {
  /** As a person writes it, or parsed already. The account and region of its `deploy` are for a stack of its own. */
  config: RaingaugeConfig | Config
  /** Where relative paths of a configuration start that is not parsed yet. Default: the working directory, which is that of cdk.json. */
  base?: string | undefined
  /** Folder with the bundle of each job. Default: they are built here and now. */
  assets?: Readonly<Record<FunctionJob, string>> | undefined
  /** Go over what is set for every function; their environment is merged. */
  functionProps?: Partial<FunctionProps> | undefined
  /** Go over `functionProps` for the function of one job: `{ backup: { memorySize: 2048 } }`; their environment is merged. */
  jobs?: Partial<Record<FunctionJob, Partial<FunctionProps>>> | undefined
  /** Go over what is set for every task and its container, where backups and drills are tasks; their environment is merged. */
  taskProps?: TasksProps['taskProps']
  containerProps?: TasksProps['containerProps']
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

/**
 * Everything that runs Raingauge unattended for one project, as a part of any stack. Throws `ConfigError` with every fault of the configuration, and
 * what the bundler throws.
 */
export class Raingauge extends Construct {
  /** Those that are functions: with `deploy.compute: 'fargate'`, backups and drills are tasks. */
  readonly jobs: Readonly<Record<Exclude<FunctionJob, TaskJob>, ScheduledJob> & Partial<Record<TaskJob, ScheduledJob>>>
  /** Where `deploy.compute` is `fargate`. */
  readonly tasks: Tasks | undefined
  readonly archives: ArchiveBucket
  readonly alarms: AlarmTopic
  readonly encryptionKey: Key
  /** Where `deploy.replica` asks for one. */
  readonly replica: Replica | undefined
  /** Where `deploy.vpc` names one. */
  readonly network: Network | undefined
  /** Where slots end that could not be handed over. */
  readonly deadLetterQueue: Queue
  /** Of every schedule: Scheduler's metrics are by group. */
  readonly scheduleGroup: IScheduleGroup
  readonly watchman: Watchman
  /** Where the configuration has one. */
  readonly fleet: Fleet | undefined
  /** Told after a deployment: the `--store` of terminals and pipelines. */
  readonly store: CfnOutput
  readonly #project: string

  constructor(scope: Construct, id: string, props: RaingaugeProps) {
    super(scope, id)
    const { jobs, bucketProps, topicProps, dashboardProps } = props
    const config = deployableConfig(props.config, resolve(props.base ?? ''))
    this.#project = config.project
    this.#refuseTwin()
    const assets = props.assets ?? bundlesFor(this, config)
    // Archives outlive the stack, so what decrypts them must too.
    this.encryptionKey = new Key(this, 'Key', {
      description: `Raingauge: archives and alarms of ${config.project}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const { encryptionKey } = this
    this.archives = new ArchiveBucket(this, 'Archives', { store: config.store, encryptionKey, bucketProps })
    this.replica = addReplica(this, { source: this.archives.bucket, sourceKey: encryptionKey, config })
    this.network =
      config.deploy.vpc === null ? undefined : new Network(this, 'Network', { config, vpc: config.deploy.vpc })
    this.store = new CfnOutput(this, 'Store', { value: this.archives.location })
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
    const functionProps = { ...this.network?.placement, ...props.functionProps }
    const build = (job: FunctionJob): ScheduledJob => {
      const target = new JobFunction(this, `${job}Job`, {
        job,
        config: { ...config, fleet: null },
        asset: assets[job],
        functionProps: mergeFunctionProps(functionProps, jobs?.[job]),
      })
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
    const { fleet } = config
    const { archives: store, network, deadLetterQueue, scheduleGroup } = this
    const { topic } = this.alarms
    if (config.deploy.compute === 'fargate') {
      const { taskProps, containerProps } = props
      const given = { config, assets, store, network, topic, deadLetterQueue, scheduleProps, taskProps, containerProps }
      this.tasks = new Tasks(this, 'Tasks', given)
    }
    const others = this.tasks === undefined ? { backup: build('backup'), drill: build('drill') } : {}
    this.jobs = { check: build('check'), ...others, prune: build('prune') }
    if (fleet !== null) {
      const given = { config, fleet, asset: assets.check, store, topic, deadLetterQueue, functionProps, scheduleProps }
      this.fleet = new Fleet(this, 'Fleet', given)
    }
    const all = Object.values(this.jobs)
    this.watchman = new Watchman(this, 'Watchman', {
      config,
      functions: all.map((job) => job.function),
      tasks: this.tasks,
      fleet: this.fleet,
      alarms: [
        ...all.flatMap(({ alarms }) => alarms.alarms),
        ...(this.tasks?.alarms ?? []),
        ...(this.fleet?.alarms.alarms ?? []),
      ],
      topic,
      deadLetterQueue,
      scheduleGroup,
      dashboardProps,
    })
    acknowledgeRules(this)
  }

  /** Alarms and metrics are named for the project and the stack. */
  #refuseTwin(): void {
    const { node } = Stack.of(this)
    const isTwin = (each: IConstruct): boolean =>
      each instanceof Raingauge && each !== this && each.#project === this.#project
    if (!node.findAll().some(isTwin)) return
    throw new ConfigError([
      {
        place: 'project',
        problem: `${this.#project} is watched twice in the stack ${node.id}`,
        remedy: 'give each a name of its own, or a stack of its own',
      },
    ])
  }

  /** Lets the role of the application's pipeline do `raingauge publish`, and no more; `baselines`: with `--baselines`. */
  grantPublish(grantee: IGrantable, options: { baselines?: boolean } = {}): void {
    this.archives.grantAccess(grantee, PUBLISH_BUCKET_ACCESS, publishAccess(this.#project, options))
  }
}

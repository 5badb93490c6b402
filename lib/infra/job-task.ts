import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import {
  ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  LinuxParameters,
  LogDrivers,
  OperatingSystemFamily,
  type ContainerDefinition,
  type ContainerDefinitionOptions,
  type FargateTaskDefinitionProps,
} from 'aws-cdk-lib/aws-ecs'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Asset } from 'aws-cdk-lib/aws-s3-assets'
import { Construct } from 'constructs'
import type { Config } from '../config/config.ts'
import {
  FUNCTION_VARIABLES,
  START_PROGRAM,
  TASK_PROGRAM,
  TASK_VARIABLES,
  type TaskJob,
} from '../config/function-variables.ts'
import type { ArchiveBucket } from './archive-bucket.ts'
import { allowIamLogin, documentOf } from './job-configuration.ts'
import { BUCKET_ACCESS, STORE_ACCESS } from './job-plan.ts'
import { grantSecrets, secretsOfJob } from './secret-access.ts'
import { RDS_ROOTS, START_LINE, STOP_SECONDS, TASK_FOLDER, TASK_IMAGE, TASK_PLANS, TASK_USER } from './task-plan.ts'

export type JobTaskProps = {
  job: TaskJob
  config: Config
  /** Folder with the bundle of this job: the one that its function would have. */
  asset: string
  store: ArchiveBucket
  /** Go over what is set here; the environment of the container is merged. */
  taskProps?: Partial<FargateTaskDefinitionProps> | undefined
  containerProps?: Partial<ContainerDefinitionOptions> | undefined
}

/** One job as a task of ECS on Fargate: a public image of Node and the bundle, no image to build. Its role may do what that of the function may. */
export class JobTask extends Construct {
  readonly job: TaskJob
  readonly definition: FargateTaskDefinition
  readonly container: ContainerDefinition
  readonly role: Role
  readonly logGroup: LogGroup

  constructor(scope: Construct, id: string, props: JobTaskProps) {
    super(scope, id)
    const { job, config, asset, store, taskProps, containerProps } = props
    const plan = TASK_PLANS[job]
    this.job = job
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    // ECS User Guide, "Amazon ECS task IAM role": nobody else's tasks.
    const ecs = new ServicePrincipal('ecs-tasks.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    })
    this.role = new Role(this, 'Role', { assumedBy: ecs })
    this.definition = new FargateTaskDefinition(this, 'Definition', {
      cpu: plan.cpu,
      memoryLimitMiB: plan.memoryMb,
      ...(plan.storageGb === undefined ? {} : { ephemeralStorageGiB: plan.storageGb }),
      runtimePlatform: {
        operatingSystemFamily: OperatingSystemFamily.LINUX,
        cpuArchitecture: config.deploy.architecture === 'arm64' ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
      },
      taskRole: this.role,
      executionRole: new Role(this, 'ExecutionRole', { assumedBy: ecs }),
      ...taskProps,
    })
    const bundle = new Asset(this, 'Bundle', { path: asset })
    this.container = this.definition.addContainer('Container', {
      containerName: job,
      image: ContainerImage.fromRegistry(TASK_IMAGE),
      entryPoint: ['sh', '-ec', START_LINE, 'sh', startProgram(asset), TASK_FOLDER, TASK_PROGRAM],
      user: TASK_USER,
      // Somebody must be the first process, hand signals on and take in orphans; Node is not it.
      linuxParameters: new LinuxParameters(this, 'Linux', { initProcessEnabled: true }),
      logging: LogDrivers.awsLogs({ logGroup: this.logGroup, streamPrefix: job }),
      stopTimeout: Duration.seconds(STOP_SECONDS),
      ...containerProps,
      environment: {
        AWS_REGION: Stack.of(this).region,
        [FUNCTION_VARIABLES.config]: documentOf({ ...config, fleet: null }),
        [FUNCTION_VARIABLES.bucket]: store.bucket.bucketName,
        [TASK_VARIABLES.hours]: String(plan.hours),
        [TASK_VARIABLES.bundle]: bundle.httpUrl,
        [TASK_VARIABLES.roots]: RDS_ROOTS,
        ...containerProps?.environment,
      },
    })
    this.role.addToPolicy(
      new PolicyStatement({ actions: ['s3:GetObject'], resources: [bundle.bucket.arnForObjects(bundle.s3ObjectKey)] }),
    )
    store.grantAccess(this.role, BUCKET_ACCESS[job], STORE_ACCESS[job])
    allowIamLogin(this, this.role, job, { ...config, fleet: null })
    grantSecrets(this, this.role, secretsOfJob(job, config), config.deploy.secretKeys)
  }
}

/** Where nothing was bundled (see bundles-for.ts), nothing can be started either. */
function startProgram(asset: string): string {
  const file = join(asset, START_PROGRAM)
  return existsSync(file)
    ? readFileSync(file, 'utf8').trim()
    : 'throw new Error("this template was made without bundles")'
}

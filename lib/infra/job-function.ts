import { CfnOutput, Duration, RemovalPolicy, Size } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  type FunctionProps,
} from 'aws-cdk-lib/aws-lambda'
import { LogGroup, LogGroupGrants, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { Config, SecretReference } from '../config/config.ts'
import { FUNCTION_VARIABLES, type FunctionJob } from '../config/function-variables.ts'
import { allowIamLogin, documentOf } from './job-configuration.ts'
import { JOB_PLANS } from './job-plan.ts'
import { allowNetworkInterfaces } from './network.ts'
import { grantSecrets, secretsOfJob } from './secret-access.ts'

export type JobFunctionProps = {
  job: FunctionJob
  config: Config
  /** Folder with the bundle of this job. */
  asset: string
  /** Goes over what is set here; its environment is merged. */
  functionProps?: Partial<FunctionProps> | undefined
}

/** One job as a function, with a log group of its own, a role that may write there, and the right to read the secrets it is told of. */
export class JobFunction extends Construct {
  readonly job: FunctionJob
  readonly function: LambdaFunction
  /** Told after a deployment, to run the job by hand. */
  readonly name: CfnOutput
  readonly #secretKeys: readonly string[]

  constructor(scope: Construct, id: string, props: JobFunctionProps) {
    super(scope, id)
    const { job, config, asset, functionProps = {} } = props
    const plan = JOB_PLANS[job]
    const logGroup =
      functionProps.logGroup ??
      new LogGroup(this, 'Logs', { retention: RetentionDays.THREE_MONTHS, removalPolicy: RemovalPolicy.DESTROY })
    const role =
      functionProps.role ?? new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
    LogGroupGrants.fromLogGroup(logGroup).write(role)
    if (functionProps.vpc !== undefined) {
      allowNetworkInterfaces(role)
    }
    this.job = job
    this.function = new LambdaFunction(this, 'Function', {
      description: `Raingauge ${config.project}: ${plan.description}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: config.deploy.architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
      code: Code.fromAsset(asset),
      handler: 'index.handler',
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      memorySize: plan.memoryMb,
      timeout: Duration.minutes(plan.timeoutMinutes),
      ephemeralStorageSize: Size.mebibytes(plan.storageMb),
      // Two runs of one slot would do the same work twice; those of two environments have nothing to do with each other.
      reservedConcurrentExecutions: Math.max(1, config.deploy.schedules[job].length),
      // A job tells of its failure and has its next slot: Lambda's own retries would dump again and tell again.
      retryAttempts: 0,
      maxEventAge: Duration.minutes(plan.startWithinMinutes),
      ...functionProps,
      environment: {
        NODE_OPTIONS: '--enable-source-maps',
        // The roots of RDS beside Node's own: Lambda Developer Guide, "Building Lambda functions with Node.js".
        NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem',
        ...functionProps.environment,
      },
    })
    this.#secretKeys = config.deploy.secretKeys
    this.function.addEnvironment(FUNCTION_VARIABLES.config, documentOf(config))
    allowIamLogin(this, this.function, job, config)
    this.grantSecrets(secretsOfJob(job, config))
    this.name = new CfnOutput(this, 'Name', { value: this.function.functionName })
  }

  /** Lets the function read just these secrets. */
  grantSecrets(references: readonly (SecretReference | null)[]): void {
    grantSecrets(this, this.function, references, this.#secretKeys)
  }
}

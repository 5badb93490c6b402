import { ArnFormat, CfnOutput, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib'
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  type FunctionProps,
} from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { serializeConfig } from '../config/config-document.ts'
import { ConfigError } from '../config/config-error.ts'
import type { Config, SecretReference, StoreLocation } from '../config/config.ts'
import { FUNCTION_VARIABLES, type FunctionJob } from '../config/function-variables.ts'
import { JOB_PLANS } from './job-plan.ts'

export type JobFunctionProps = {
  job: FunctionJob
  config: Config
  /** Folder with the bundle of this job. */
  asset: string
  /** Goes over what is set here; its environment is merged. */
  functionProps?: Partial<FunctionProps> | undefined
}

/** Lambda allows 4 kB for all variables together (Developer Guide, "Lambda quotas"); the others and their names need some of it. */
const MOST_CONFIG_BYTES = 3_500

/** One job as a function, with a log group of its own, a role that may write there, and the right to read the secrets it is told of. */
export class JobFunction extends Construct {
  readonly job: FunctionJob
  readonly function: LambdaFunction
  /** Told after a deployment, to run the job by hand. */
  readonly name: CfnOutput

  constructor(scope: Construct, id: string, props: JobFunctionProps) {
    super(scope, id)
    const { job, config, asset, functionProps = {} } = props
    const plan = JOB_PLANS[job]
    const logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
    logGroup.grantWrite(role)
    if (functionProps.vpc !== undefined) {
      role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaVPCAccessExecutionRole'))
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
    this.#configure(config)
    this.name = new CfnOutput(this, 'Name', { value: this.function.functionName })
  }

  /** Hands the configuration over, and the right to read those of its secrets that the job needs, and no other. */
  #configure(config: Config): void {
    // Folders of the machine that builds mean nothing to the function, and would make every machine's template another.
    const store: StoreLocation = config.store.kind === 's3' ? config.store : { kind: 'directory', path: '' }
    const document = serializeConfig({ ...config, migrations: 'migrations', store })
    if (Buffer.byteLength(document) > MOST_CONFIG_BYTES) {
      throw new ConfigError([
        {
          place: 'environments',
          problem: `are ${config.environments.length}, too many for the environment of a function`,
          remedy: 'spread them over several projects, each with a stack of its own',
        },
      ])
    }
    this.function.addEnvironment(FUNCTION_VARIABLES.config, document)
    const databases = JOB_PLANS[this.job].opensDatabases ? config.environments.map(({ url }) => url) : []
    const scratch = JOB_PLANS[this.job].usesScratch ? [config.scratch] : []
    const keys = JOB_PLANS[this.job].opensArchives ? [config.identity] : []
    const secrets = [...databases, ...scratch, ...keys, config.slackWebhook]
      .filter((secret): secret is SecretReference & { kind: 'secrets-manager' } => secret?.kind === 'secrets-manager')
      .map(({ id }) => secretArn(Stack.of(this), id))
    this.#allowIamLogin(config)
    if (secrets.length === 0) return
    this.function.addToRolePolicy(
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [...new Set(secrets)] }),
    )
  }

  /** Which instance and which user, only the secret knows: the databases say who may log in so, by GRANT rds_iam. */
  #allowIamLogin(config: Config): void {
    const logins = JOB_PLANS[this.job].opensDatabases ? config.environments.flatMap(({ iam }) => iam ?? []) : []
    const regions = new Set(logins.map(({ region }) => region ?? '*'))
    if (regions.size === 0) return
    const place = {
      service: 'rds-db',
      resource: 'dbuser',
      resourceName: '*/*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }
    this.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['rds-db:connect'],
        resources: [...regions].map((region) => Stack.of(this).formatArn({ ...place, region })),
      }),
    )
  }
}

/** Secrets Manager puts a dash and six random characters behind the name; an ARN may be given with or without them. */
function secretArn(stack: Stack, id: string): string {
  if (!id.startsWith('arn:')) return stack.formatArn({ service: 'secretsmanager', resource: `secret:${id}-??????` })
  return /-[A-Za-z0-9]{6}$/.test(id) ? id : `${id}-??????`
}

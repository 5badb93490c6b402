import { Duration, Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { FunctionProps } from 'aws-cdk-lib/aws-lambda'
import { ContextAttribute, ScheduleTargetInput, type Schedule, type ScheduleProps } from 'aws-cdk-lib/aws-scheduler'
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { StateMachineProps } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import type { Config } from '../config/config.ts'
import type { Fleet as FleetConfig } from '../config/fleet-config.ts'
import { secretsOfFleet } from '../config/fleet-document.ts'
import { FUNCTION_VARIABLES } from '../config/function-variables.ts'
import { addSchedule, handOver } from './add-schedule.ts'
import type { ArchiveBucket } from './archive-bucket.ts'
import { FLEET_ACCESS } from './fleet-access.ts'
import { FleetAlarms } from './fleet-alarms.ts'
import { FleetMachine } from './fleet-machine.ts'
import { JobFunction } from './job-function.ts'

export type FleetProps = {
  config: Config
  fleet: FleetConfig
  /** Folder with the bundle of the check, which holds the handler of the fleet, too. */
  asset: string
  store: ArchiveBucket
  /** Gets the alarms. */
  topic: ITopic
  /** Gets the slots that could not be handed over. */
  deadLetterQueue: IQueue
  /** Go over what is set here. */
  functionProps?: Partial<FunctionProps> | undefined
  scheduleProps?: Partial<ScheduleProps> | undefined
  stateMachineProps?: Partial<StateMachineProps> | undefined
}

/** Beside one for each batch: those of list and tell, and of a step that is tried again. */
const SPARE_RUNS = 2

/** Of a step; a look begins no database after a third of it. */
const STEP_LIMIT = Duration.minutes(15)

/** Well before the next slot: two would only wait for each other. */
const START_WITHIN_MINUTES = 20

/** Many databases of one schema: a schedule starts a state machine, which has one function list them, look at them and tell. */
export class Fleet extends Construct {
  readonly function: JobFunction
  readonly machine: FleetMachine
  readonly schedule: Schedule
  readonly alarms: FleetAlarms

  constructor(scope: Construct, id: string, props: FleetProps) {
    super(scope, id)
    const { config, fleet, asset, store, topic, deadLetterQueue, functionProps, scheduleProps, stateMachineProps } =
      props
    const { project } = config
    this.function = new JobFunction(this, 'Steps', {
      job: 'check',
      // The environments are the check's: their secrets are none of the fleet's business.
      config: { ...config, environments: [] },
      asset,
      functionProps: {
        description: `Raingauge ${project}: lists the databases of the fleet, looks at them, tells`,
        handler: 'fleet.handler',
        timeout: STEP_LIMIT,
        // However many sweeps are begun by hand: never more looks than this.
        reservedConcurrentExecutions: fleet.atOnce + SPARE_RUNS,
        ...functionProps,
      },
    })
    const { function: target } = this.function
    target.addEnvironment(FUNCTION_VARIABLES.bucket, store.bucket.bucketName)
    store.grantAccess(target, ['s3:ListBucket'], FLEET_ACCESS)
    this.#allowSecrets(fleet)
    this.machine = new FleetMachine(this, 'Machine', {
      project,
      atOnce: fleet.atOnce,
      target,
      store,
      stateMachineProps,
    })
    const { stateMachine } = this.machine
    const scheduled = { timeZone: config.deploy.timeZone, deadLetterQueue, scheduleProps }
    const start = new StepFunctionsStartExecution(stateMachine, {
      ...handOver(START_WITHIN_MINUTES, scheduled),
      // By it, a slot that is handed over twice is swept once.
      input: ScheduleTargetInput.fromObject({ slot: ContextAttribute.scheduledTime }),
    })
    const description = `Raingauge ${project}: sweeps the fleet`
    this.schedule = addSchedule(this, { description, expression: fleet.schedule, target: start }, scheduled)
    const steps = { function: target, limit: target.timeout ?? STEP_LIMIT }
    this.alarms = new FleetAlarms(this, 'Alarms', { machine: stateMachine, steps, config, fleet, topic })
  }

  /** Those of the list and of all databases, and those of single databases by the beginning of their names. */
  #allowSecrets(fleet: FleetConfig): void {
    this.function.grantSecrets(secretsOfFleet(fleet).map(({ secret }) => secret))
    if (fleet.secrets === null) return
    this.function.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['secretsmanager:GetSecretValue'],
        resources: [Stack.of(this).formatArn({ service: 'secretsmanager', resource: `secret:${fleet.secrets}*` })],
      }),
    )
  }
}

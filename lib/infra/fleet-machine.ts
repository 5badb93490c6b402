import { ArnFormat, Names, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { DefinitionBody, LogLevel, StateMachine, type StateMachineProps } from 'aws-cdk-lib/aws-stepfunctions'
import { Construct } from 'constructs'
import type { ArchiveBucket } from './archive-bucket.ts'
import { MACHINE_ACCESS } from './fleet-access.ts'
import { fleetDefinition, type FleetSubstitutions } from './fleet-definition.ts'

export type FleetMachineProps = {
  project: string
  /** Batches at once. */
  atOnce: number
  /** Does every step. */
  target: LambdaFunction
  store: ArchiveBucket
  /** Goes over what is set here. */
  stateMachineProps?: Partial<StateMachineProps> | undefined
}

/** The state machine that sweeps a fleet, with a log group of its own, and a role for just what it does. */
export class FleetMachine extends Construct {
  readonly stateMachine: StateMachine
  /** What lets it start and see the executions of its map. */
  readonly children: Policy

  constructor(scope: Construct, id: string, props: FleetMachineProps) {
    super(scope, id)
    const { project, atOnce, target, store, stateMachineProps } = props
    const logs = new LogGroup(this, 'Logs', {
      // Groups of another name fill up a policy that all of an account's share (Developer Guide, "Logging in CloudWatch Logs").
      logGroupName: `/aws/vendedlogs/states/${Names.uniqueResourceName(this, { maxLength: 100, separator: '-' })}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    })
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.functionArn] }))
    store.grantAccess(role, [], MACHINE_ACCESS)
    const substitutions: FleetSubstitutions = {
      Function: target.functionArn,
      Bucket: store.bucket.bucketName,
      Results: store.keyOf(`sweeps/${project}/map`),
    }
    this.stateMachine = new StateMachine(this, 'Machine', {
      comment: `Raingauge ${project}: sweeps the fleet`,
      definitionBody: DefinitionBody.fromString(JSON.stringify(fleetDefinition(atOnce))),
      definitionSubstitutions: substitutions,
      role,
      // Names of databases are in what goes through it, and nobody needs them twice.
      logs: { destination: logs, level: LogLevel.ALL, includeExecutionData: false },
      // Every step says in its own log what it did, and there is one request at a time: a trace would cost and add nothing.
      tracingEnabled: false,
      ...stateMachineProps,
    })
    this.children = this.#allowItself(role)
  }

  /** The children of a distributed map are executions of the machine itself. A policy of its own: the machine waits for those of its role. */
  #allowItself(role: Role): Policy {
    const { stateMachineArn, stateMachineName } = this.stateMachine
    const executions = Stack.of(this).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${stateMachineName}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    })
    return new Policy(this, 'Children', {
      roles: [role],
      statements: [
        new PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachineArn] }),
        new PolicyStatement({
          actions: ['states:DescribeExecution', 'states:StopExecution'],
          resources: [executions],
        }),
      ],
    })
  }
}

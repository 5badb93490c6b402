// Backups and drills as tasks: deploy.compute: 'fargate'.
import { describe, expect, test } from 'vitest'
import { deserializeConfig } from '../../lib/config/config-document.ts'
import { JOB_ALARMS } from '../../lib/config/alarms.ts'
import { TASK_JOBS } from '../../lib/config/function-variables.ts'
import { TASK_IMAGE } from '../../lib/infra/task-plan.ts'
import { config, synthesize, type Resource, type Synthesized } from '../support/synthesized-stack.ts'

type Container = {
  Name: string
  Image: string
  User: string
  EntryPoint: string[]
  StopTimeout: number
  Environment: { Name: string; Value: unknown }[]
  LogConfiguration: { LogDriver: string; Options: Record<string, unknown> }
  LinuxParameters: { InitProcessEnabled: boolean }
}

type Statement = { Effect: string; Action: string | string[]; Resource: unknown }

const stack = (): Synthesized => synthesize(config({ deploy: { compute: 'fargate', alarmEmail: 'ops@example.com' } }))

const definitions = (): Resource[] => stack().resources('AWS::ECS::TaskDefinition')

function containerOf({ Properties: properties }: Resource): Container {
  const [container, ...others] = properties['ContainerDefinitions'] as Container[]
  expect(others).toEqual([])
  return container!
}

/** What the role may do. */
function statementsOf(role: unknown): Statement[] {
  const [id] = (role as { 'Fn::GetAtt': string[] })['Fn::GetAtt']
  return stack()
    .resources('AWS::IAM::Policy')
    .filter(({ Properties: each }) => JSON.stringify(each['Roles']).includes(`"${id}"`))
    .flatMap(({ Properties: each }) => (each['PolicyDocument'] as { Statement: Statement[] }).Statement)
}

/** What a schedule puts over the container of the job. */
function asked(name: string, environment: string): unknown {
  return {
    name,
    environment: [
      { name: 'RAINGAUGE_SLOT', value: '<aws.scheduler.scheduled-time>' },
      { name: 'RAINGAUGE_ENVIRONMENT', value: environment },
    ],
  }
}

describe('the tasks', () => {
  test('take the place of the functions for backups and drills, and only where they are asked for', () => {
    const jobs = stack()
      .resources('AWS::Lambda::Function')
      .map(({ id }) => /Raingauge(?<job>[a-z]+)Job/.exec(id)?.groups?.['job'])
    expect(jobs).toEqual(['check', 'prune'])
    expect(definitions().map((each) => containerOf(each).Name)).toEqual([...TASK_JOBS])
    const { resources } = synthesize()
    for (const type of ['AWS::ECS::TaskDefinition', 'AWS::ECS::Cluster', 'AWS::EC2::VPC'])
      expect(resources(type)).toEqual([])
  })

  test('are a public image of Node, by nobody who is root, with time to clean up, a log that ends, and no image to build', () => {
    const groups = stack().resources('AWS::Logs::LogGroup')
    for (const definition of definitions()) {
      expect(definition.Properties).toMatchObject({
        RequiresCompatibilities: ['FARGATE'],
        RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
      })
      const container = containerOf(definition)
      expect(container).toMatchObject({
        Image: TASK_IMAGE,
        User: 'node',
        StopTimeout: 120,
        LinuxParameters: { InitProcessEnabled: true },
        LogConfiguration: { LogDriver: 'awslogs' },
      })
      const { Ref: group } = container.LogConfiguration.Options['awslogs-group'] as { Ref: string }
      expect(groups.find(({ id }) => id === group)?.Properties['RetentionInDays']).toBe(90)
    }
    expect(definitions().map(({ Properties: each }) => each['EphemeralStorage'])).toEqual([
      undefined,
      { SizeInGiB: 200 },
    ])
  })

  test('are told the configuration by reference, and where the code lies, which their role may read and nothing beside it', () => {
    for (const definition of definitions()) {
      const { Environment: variables } = containerOf(definition)
      const value = (name: string): unknown => variables.find(({ Name }) => Name === name)?.Value
      const document = deserializeConfig(String(value('RAINGAUGE_CONFIG')))
      expect(document.environments.map(({ url }) => url.kind)).toEqual(['secrets-manager', 'secrets-manager'])
      const [, key] = /\/(?<key>[0-9a-f]{64}\.zip)/.exec(JSON.stringify(value('RAINGAUGE_BUNDLE'))) ?? []
      expect(key).toBeDefined()
      const reads = statementsOf(definition.Properties['TaskRoleArn']).filter((each) =>
        JSON.stringify(each).includes('cdk-'),
      )
      expect(reads).toMatchObject([{ Action: 's3:GetObject' }])
      expect(JSON.stringify(reads[0]?.Resource)).toContain(`/${key}`)
    }
  })

  test('may do in store and secrets what their functions may, and who starts them may write their log alone', () => {
    const functions = synthesize()
    for (const definition of definitions()) {
      const job = containerOf(definition).Name
      const [policy] = functions
        .resources('AWS::IAM::Policy')
        .filter(({ id }) => id.startsWith(`Raingauge${job}JobRole`))
      const { Statement: granted } = policy!.Properties['PolicyDocument'] as { Statement: Statement[] }
      // The bundle is one object more, by an action that both have.
      const actions = (statements: Statement[]): string[] =>
        [...new Set(statements.flatMap(({ Action: action }) => action))].toSorted()
      const ofFunction = actions(granted).filter((action) => !action.startsWith('logs:'))
      expect(ofFunction).toContain('s3:PutObject')
      expect(actions(statementsOf(definition.Properties['TaskRoleArn']))).toEqual(ofFunction)
      expect(actions(statementsOf(definition.Properties['ExecutionRoleArn']))).toEqual([
        'logs:CreateLogStream',
        'logs:PutLogEvents',
      ])
    }
  })

  test('are started by a schedule for each environment, which says the slot by the environment of the container', () => {
    const planned = stack()
      .resources('AWS::Scheduler::Schedule')
      .flatMap(({ Properties: each }) => {
        const target = each['Target'] as {
          Input: string
          EcsParameters?: { LaunchType: string }
          DeadLetterConfig: unknown
        }
        if (target.EcsParameters === undefined) return []
        expect(target.EcsParameters.LaunchType).toBe('FARGATE')
        expect(JSON.stringify(target.DeadLetterConfig)).toContain('DeadLetters')
        expect(each['GroupName']).toBeDefined()
        const { containerOverrides: overrides } = JSON.parse(target.Input) as { containerOverrides: unknown[] }
        return overrides
      })
    expect(planned).toEqual(TASK_JOBS.flatMap((job) => ['staging', 'production'].map((each) => asked(job, each))))
  })

  test('have the alarms of their job, but that nothing throttles them', () => {
    const names = stack()
      .resources('AWS::CloudWatch::Alarm')
      .map(({ Properties: each }) => String(each['AlarmName']).split('-')[0])
    for (const { job, name, condition } of JOB_ALARMS) {
      const isTask = TASK_JOBS.some((each) => each === job)
      expect(names.filter((each) => each === name)).toHaveLength(isTask && condition === 'throttled' ? 0 : 1)
    }
    const filters = stack()
      .resources('AWS::Logs::MetricFilter')
      .map(({ Properties: { FilterPattern: pattern, MetricTransformations: made } }) => {
        const [{ MetricName: metric, MetricValue: value }] = made as [{ MetricName: string; MetricValue: string }]
        return [metric, value, pattern]
      })
    expect(filters).toHaveLength(2 * TASK_JOBS.length)
    const failing = stack()
      .resources('AWS::CloudWatch::Alarm')
      .find(({ Properties: each }) => String(each['AlarmName']).startsWith('RaingaugeBackupFailing'))
    expect(filters.map(([metric]) => metric)).toContain(failing?.Properties['MetricName'])
    expect(failing?.Properties).toMatchObject({ Threshold: 1, TreatMissingData: 'ignore' })
    expect(filters[1]).toEqual([
      'raingauge_task_failed_backup',
      '1',
      '{ ($.detail.containers[0].name = "backup") && (($.detail.containers[0].exitCode != 0) || ($.detail.containers[0].exitCode NOT EXISTS)) }',
    ])
  })
})

describe('the network', () => {
  test('is a small one of their own, without a NAT gateway, that lets nobody in', () => {
    const { resources } = stack()
    expect(resources('AWS::EC2::NatGateway')).toEqual([])
    expect(resources('AWS::EC2::VPC')).toHaveLength(1)
    for (const { Properties: group } of resources('AWS::EC2::SecurityGroup'))
      expect(group['SecurityGroupIngress']).toBeUndefined()
    expect(resources('AWS::EC2::SecurityGroupIngress')).toEqual([])
    const places = resources('AWS::Scheduler::Schedule').flatMap(({ Properties: each }) => {
      const { EcsParameters: given } = each['Target'] as { EcsParameters?: { NetworkConfiguration: unknown } }
      return given === undefined ? [] : [given.NetworkConfiguration]
    })
    for (const place of places) expect(place).toMatchObject({ AwsvpcConfiguration: { AssignPublicIp: 'ENABLED' } })
  })

  test('is that of the configuration, without a public address, where it names one', () => {
    const vpc = {
      id: 'vpc-0a1b2c3d',
      subnets: ['subnet-0a1b2c3d'],
      availabilityZones: ['eu-central-1a'],
      securityGroups: ['sg-0a1b2c3d'],
    }
    const { resources } = synthesize(config({ deploy: { compute: 'fargate', vpc } }))
    expect(resources('AWS::EC2::VPC')).toEqual([])
    const [place] = resources('AWS::Scheduler::Schedule').flatMap(({ Properties: each }) => {
      const { EcsParameters: given } = each['Target'] as { EcsParameters?: { NetworkConfiguration: unknown } }
      return given === undefined ? [] : [given.NetworkConfiguration]
    })
    expect(place).toEqual({
      AwsvpcConfiguration: {
        AssignPublicIp: 'DISABLED',
        SecurityGroups: ['sg-0a1b2c3d'],
        Subnets: ['subnet-0a1b2c3d'],
      },
    })
  })
})

test('what a caller sets goes over what the stack sets, and the environment is merged', () => {
  const { resources } = synthesize(config({ deploy: { compute: 'fargate' } }), {
    taskProps: { cpu: 4096, memoryLimitMiB: 16_384 },
    containerProps: { environment: { RAINGAUGE_HOURS: '30' } },
  })
  for (const definition of resources('AWS::ECS::TaskDefinition')) {
    expect(definition.Properties).toMatchObject({ Cpu: '4096', Memory: '16384' })
    const { Environment: variables } = containerOf(definition)
    expect(variables).toContainEqual({ Name: 'RAINGAUGE_HOURS', Value: '30' })
    expect(variables.map(({ Name: name }) => name)).toContain('RAINGAUGE_CONFIG')
  }
})

test('its own network takes the zones of the region as the deployment finds them, so that no synthesis asks AWS', () => {
  const deploy = { compute: 'fargate', account: '111122223333', region: 'eu-central-1' } as const
  const subnets = synthesize(config({ deploy })).resources('AWS::EC2::Subnet')
  expect(subnets.map(({ Properties: each }) => each['AvailabilityZone'])).toEqual([
    { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] },
    { 'Fn::Select': [1, { 'Fn::GetAZs': '' }] },
  ])
})

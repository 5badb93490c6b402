import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { deserializeConfig } from '../../lib/config/config-document.ts'
import { FLEET_ALARMS } from '../../lib/config/fleet-alarms.ts'
import { fleetDefinition } from '../../lib/infra/fleet-definition.ts'
import { config, synthesize, type Resource, type Synthesized } from '../support/synthesized-stack.ts'

const ROOT = join(import.meta.dirname, '..', '..')

const FLEET = {
  databases: { query: 'SELECT name, database FROM public.tenants', url: { secret: 'shop/catalogue' } },
  url: { secret: 'shop/fleet-url' },
  secrets: 'tenants/',
  atOnce: 30,
  schedule: 'rate(1 day)',
}

let synthesized: Synthesized | undefined
const stack = (): Synthesized => (synthesized ??= synthesize(config({ fleet: FLEET })))

const FUNCTION = 'AWS::Lambda::Function'
const isFleet = ({ Properties: each }: Resource): boolean => each['Handler'] === 'fleet.handler'

describe('a fleet', () => {
  test('without one, there is no state machine', () => {
    const { resources } = synthesize()
    expect(resources('AWS::StepFunctions::StateMachine')).toEqual([])
    expect(resources(FUNCTION).filter(isFleet)).toEqual([])
  })

  test('is one function, of the bundle of the check, that knows of no environment', () => {
    const [target, ...others] = stack().resources(FUNCTION).filter(isFleet)
    expect(others).toEqual([])
    expect(target!.Properties).toMatchObject({ Timeout: 900, ReservedConcurrentExecutions: 32 })
    const { Variables: variables } = target!.Properties['Environment'] as { Variables: Record<string, string> }
    const document = deserializeConfig(variables['RAINGAUGE_CONFIG'] ?? '')
    expect(document.environments).toEqual([])
    expect(document.fleet).toMatchObject({ atOnce: 30, perServer: 2, secrets: 'tenants/' })
    for (const job of stack()
      .resources(FUNCTION)
      .filter((each) => !isFleet(each))) {
      const { Variables: own } = job.Properties['Environment'] as { Variables: Record<string, string> }
      expect(deserializeConfig(own['RAINGAUGE_CONFIG'] ?? '').fleet).toBeNull()
    }
  })

  test('runs the definition of the code, with a log, without traces and without data in it', () => {
    const [machine] = stack().resources('AWS::StepFunctions::StateMachine')
    expect(JSON.parse(String(machine?.Properties['DefinitionString']))).toEqual(fleetDefinition(30))
    expect(machine?.Properties['LoggingConfiguration']).toMatchObject({ Level: 'ALL', IncludeExecutionData: false })
    expect(machine?.Properties['TracingConfiguration']).toEqual({ Enabled: false })
  })

  test('starts by a schedule, which says the slot and has the dead-letter queue', () => {
    const [schedule] = stack()
      .resources('AWS::Scheduler::Schedule')
      .filter(({ Properties: each }) => JSON.stringify(each).includes('FleetMachine'))
    expect(schedule?.Properties).toMatchObject({
      ScheduleExpression: 'rate(1 day)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE' },
    })
    const target = schedule?.Properties['Target'] as { Input: string; DeadLetterConfig: unknown }
    expect(JSON.parse(target.Input)).toEqual({ slot: '<aws.scheduler.scheduled-time>' })
    expect(JSON.stringify(target.DeadLetterConfig)).toContain('DeadLetters')
  })

  test('may do what it does: its own secrets and keys, and the machine itself, its function and its executions', () => {
    const statements = stack()
      .resources('AWS::IAM::Policy')
      .filter(({ id }) => id.startsWith('RaingaugeFleet'))
      .flatMap(({ Properties: each }) => (each['PolicyDocument'] as { Statement: Statement[] }).Statement)
    const secrets = statements.filter(({ Action: action }) => [action].flat().includes('secretsmanager:GetSecretValue'))
    const names = [...JSON.stringify(secrets).matchAll(/:secret:(?<name>[^"]+)"/g)].map(
      ({ groups }) => groups?.['name'],
    )
    expect(new Set(names)).toEqual(
      new Set(['shop/catalogue-??????', 'shop/fleet-url-??????', 'shop/slack-??????', 'tenants/*']),
    )
    const everywhere = statements.filter(({ Resource: resource }) => [resource].flat().includes('*'))
    // What Step Functions needs to set up its log cannot be narrowed (Developer Guide, "IAM policies for logging to CloudWatch Logs").
    expect(everywhere.flatMap(({ Action: action }) => action).every((each) => each.startsWith('logs:'))).toBe(true)
    const writes = statements.filter(({ Action: action }) => [action].flat().includes('s3:PutObject'))
    expect(JSON.stringify(writes)).not.toContain('archives/')
    expect(JSON.stringify(statements)).not.toContain('s3:DeleteObject')
    const states = statements.filter(({ Action: action }) => [action].flat().some((each) => each.startsWith('states:')))
    expect(states.flatMap(({ Action: action }) => action).toSorted()).toEqual([
      'states:DescribeExecution',
      'states:StartExecution',
      'states:StopExecution',
    ])
  })

  test('has an alarm for failing, for not ending and for silence, and for steps that are long or refused, each with its runbook', () => {
    const alarms = stack()
      .resources('AWS::CloudWatch::Alarm')
      .filter(({ Properties: each }) => String(each['AlarmName']).startsWith('RaingaugeFleet'))
    const watched = alarms.map(({ Properties: each }) => [
      each['AlarmName'],
      each['MetricName'],
      each['TreatMissingData'],
    ])
    const [target] = stack().resources(FUNCTION).filter(isFleet)
    const steps = alarms.filter(({ Properties: each }) => each['Namespace'] === 'AWS/Lambda')
    expect(steps.map(({ Properties: each }) => [each['Threshold'], each['Dimensions']])).toEqual(
      [0.8 * 900_000, 1].map((threshold) => [threshold, [{ Name: 'FunctionName', Value: { Ref: target?.id } }]]),
    )
    expect(watched).toEqual([
      ['RaingaugeFleetFailing-shop-Raingauge-shop', 'ExecutionsFailed', 'ignore'],
      ['RaingaugeFleetTimedOut-shop-Raingauge-shop', 'ExecutionsTimedOut', 'ignore'],
      ['RaingaugeFleetSilent-shop-Raingauge-shop', 'ExecutionsStarted', 'breaching'],
      ['RaingaugeFleetNearTimeout-shop-Raingauge-shop', 'Duration', 'ignore'],
      ['RaingaugeFleetThrottled-shop-Raingauge-shop', 'Throttles', 'notBreaching'],
    ])
    for (const { runbook } of FLEET_ALARMS) expect(existsSync(join(ROOT, runbook))).toBe(true)
  })

  test('logs in by IAM where it says so, and then no other job does', () => {
    const { resources } = synthesize(config({ fleet: { ...FLEET, iam: { region: 'eu-west-1' } } }))
    const policies = resources('AWS::IAM::Policy').filter(({ Properties: each }) =>
      JSON.stringify(each).includes('rds-db:connect'),
    )
    expect(policies.map(({ id }) => id)).toEqual([expect.stringMatching(/^RaingaugeFleetSteps/)])
    expect(JSON.stringify(policies)).toMatch(/:rds-db:eu-west-1:.*:dbuser:\*\/\*/)
    const [target] = resources(FUNCTION).filter(isFleet)
    const { Variables: variables } = target!.Properties['Environment'] as { Variables: Record<string, string> }
    expect(deserializeConfig(variables['RAINGAUGE_CONFIG'] ?? '').fleet?.iam).toEqual({ region: 'eu-west-1' })
  })

  test('a password in the configuration of a fleet is refused before there is a template', () => {
    const url = 'postgres://watch:hunter22@db/{database}'
    expect(() => synthesize(config({ fleet: { ...FLEET, url } }))).toThrow(/fleet\.url: is a value/)
  })
})

type Statement = { Action: string | string[]; Resource: unknown }

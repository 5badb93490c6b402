// What holds for every resource of a kind, in every way to deploy, however many there will be.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { RaingaugeConfig } from '../../lib/config/config.ts'
import {
  AGE_PAIR,
  config,
  DEPLOYMENTS,
  synthesize,
  type Resource,
  type Synthesized,
} from '../support/synthesized-stack.ts'

const ROOT = join(import.meta.dirname, '..', '..')

type Statement = { Effect: string; Action: string | string[]; Resource: unknown }

const stack = (name: string): Synthesized => synthesize(DEPLOYMENTS[name]?.())

describe.each(Object.keys(DEPLOYMENTS))('%s', (name) => {
  test('every function runs Node 24 on arm64, logs as JSON into a group of its own, and is watched', () => {
    const { resources } = stack(name)
    const functions = resources('AWS::Lambda::Function')
    const groups = functions.map(({ Properties: { LoggingConfig: logging, ...properties } }) => {
      expect(properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] })
      expect(logging).toMatchObject({ LogFormat: 'JSON' })
      return (logging as { LogGroup: { Ref: string } }).LogGroup.Ref
    })
    expect(new Set(groups).size).toBe(functions.length)
    const watched = JSON.stringify(resources('AWS::CloudWatch::Alarm').map(({ Properties: each }) => each))
    const machines = JSON.stringify(resources('AWS::StepFunctions::StateMachine'))
    // The steps of a state machine fail as it does, and that has alarms.
    expect(functions.filter(({ id }) => !watched.includes(`"${id}"`) && !machines.includes(`"${id}"`))).toEqual([])
  })

  test('every log group ends, every queue and topic is encrypted, every bucket and key stays', () => {
    const { resources } = stack(name)
    const all = (type: string): Resource[] => {
      const found = resources(type)
      expect({ type, count: found.length }).not.toEqual({ type, count: 0 })
      return found
    }
    for (const group of all('AWS::Logs::LogGroup')) expect(group.Properties['RetentionInDays']).toBeGreaterThan(0)
    for (const queue of all('AWS::SQS::Queue')) expect(queue.Properties['SqsManagedSseEnabled']).toBe(true)
    for (const topic of all('AWS::SNS::Topic')) expect(topic.Properties['KmsMasterKeyId']).toBeDefined()
    for (const kept of [...resources('AWS::S3::Bucket'), ...all('AWS::KMS::Key')]) {
      expect(kept).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })
    }
  })

  test('nobody gets in: no rule lets anybody into a group, and nothing is public', () => {
    const { resources } = stack(name)
    const groups = resources('AWS::EC2::SecurityGroup')
    expect(groups.filter(({ Properties: each }) => isOpen(each['SecurityGroupIngress']))).toEqual([])
    expect(resources('AWS::EC2::SecurityGroupIngress').filter(({ Properties: each }) => isOpen([each]))).toEqual([])
    expect(resources('AWS::Lambda::Permission')).toEqual([])
    expect(resources('AWS::Lambda::Url')).toEqual([])
  })

  test('every alarm says which page to read, goes to the topic, and says when it is over', () => {
    const { resources } = stack(name)
    const [topic] = resources('AWS::SNS::Topic')
    const alarms = resources('AWS::CloudWatch::Alarm')
    expect(alarms.length).toBeGreaterThan(8)
    for (const { Properties: alarm } of alarms) {
      const page = /(?<path>docs\/runbooks\/\w+\.md)$/.exec(String(alarm['AlarmDescription']))?.groups?.['path']
      expect(existsSync(join(ROOT, page ?? 'none')), `${String(alarm['AlarmName'])}: ${page}`).toBe(true)
      expect(alarm).toMatchObject({ AlarmActions: [{ Ref: topic?.id }], OKActions: [{ Ref: topic?.id }] })
    }
  })
})

/** Statements about every resource. In the policy of a key, `*` is the key (KMS Developer Guide, "Key policies"). */
const EVERYTHING: readonly { pattern: RegExp; reason: string }[] = [
  { pattern: /^AWS::KMS::Key .*kms:/, reason: 'the key itself' },
  { pattern: /^AWS::IAM::Policy .*ec2:CreateNetworkInterface/, reason: 'network interfaces before they have names' },
  { pattern: /^AWS::IAM::Policy .*logs:CreateLogDelivery/, reason: 'delivery of logs is of the whole account' },
]

test('no statement is about everything without a reason, and no reason is without a statement', () => {
  const found = Object.keys(DEPLOYMENTS).flatMap((name) => stack(name).resources().flatMap(aboutEverything))
  expect(found.filter((each) => !EVERYTHING.some(({ pattern }) => pattern.test(each)))).toEqual([])
  expect(EVERYTHING.filter(({ pattern }) => !found.some((each) => pattern.test(each)))).toEqual([])
})

test('no policy has a wildcard in its actions, but that of a key for its owner', () => {
  const actions = Object.keys(DEPLOYMENTS).flatMap((name) =>
    stack(name)
      .resources()
      .flatMap((each) =>
        allowed(each).flatMap(({ Action: action }) => [action].flat().map((one) => `${each.Type} ${one}`)),
      ),
  )
  expect([...new Set(actions.filter((each) => each.includes('*')))]).toEqual(['AWS::KMS::Key kms:*'])
})

describe('no secret gets into a template', () => {
  const url = 'postgres://app:hunter22@db.example.com/app'
  const list = { query: 'SELECT name', url: { secret: 'shop/catalogue' } }
  const places: [string, Partial<RaingaugeConfig>][] = [
    ['environments', { environments: [{ name: 'production', url }] }],
    ['slack.webhook', { slack: { webhook: 'https://hooks.slack.com/services/T0/B0/hunter22' } }],
    ['scratch.url', { scratch: { url } }],
    [
      'archives.encryption.identity',
      {
        archives: {
          encryption: { recipients: [AGE_PAIR.recipient], identity: AGE_PAIR.identity },
        },
      },
    ],
    ['fleet.url', { fleet: { databases: list, url: 'postgres://app:hunter22@db.example.com/{database}' } }],
    ['fleet.databases.url', { fleet: { databases: { ...list, url }, url: { secret: 'shop/fleet-url' } } }],
  ]
  test.each(places)('%s: what is written out is refused, and not repeated', (_, written) => {
    const said = refusalOf(written)
    expect(said).toMatch(/is a value/)
    expect(said).not.toMatch(/hunter22|AGE-SECRET-KEY/)
  })
})

function refusalOf(written: Partial<RaingaugeConfig>): string {
  try {
    synthesize(config(written))
    return ''
  } catch (error) {
    return String(error)
  }
}

function aboutEverything(resource: Resource): string[] {
  return allowed(resource).flatMap(({ Action: action, Resource: about }) =>
    [about].flat().includes('*') ? [`${resource.Type} ${[action].flat().join(' ')}`] : [],
  )
}

function allowed({ Properties: properties }: Resource): Statement[] {
  const document = (properties['PolicyDocument'] ?? properties['KeyPolicy']) as { Statement: Statement[] } | undefined
  return (document?.Statement ?? []).filter(({ Effect: effect }) => effect === 'Allow')
}

/** True for rules that let in whoever it is. */
function isOpen(rules: unknown): boolean {
  return /"(?:0\.0\.0\.0\/0|::\/0)"/.test(JSON.stringify(rules ?? []))
}

// What holds for every resource of a kind, however many there will be.
import { describe, expect, test } from 'vitest'
import { deserializeConfig } from '../../lib/config/config-document.ts'
import { FUNCTION_JOBS } from '../../lib/config/function-variables.ts'
import { config, synthesize, type Resource } from '../support/synthesized-stack.ts'

type Statement = { Effect: string; Action: string | string[]; Resource: unknown; Condition?: unknown }

describe('functions', () => {
  test('every one runs Node 24 on the configured architecture, with its own log group of limited retention, as JSON', () => {
    const { resources } = synthesize(config({ deploy: { architecture: 'x86_64' } }))
    const groups = resources('AWS::Logs::LogGroup')
    const functions = resources('AWS::Lambda::Function')
    expect(functions).toHaveLength(FUNCTION_JOBS.length)
    const used = functions.map(({ Properties: properties }) => {
      expect(properties).toMatchObject({ Runtime: 'nodejs24.x', Handler: 'index.handler', Architectures: ['x86_64'] })
      // One for each of its schedules.
      const isCheck = String(properties['Description']).includes('Compares')
      expect(properties['ReservedConcurrentExecutions']).toBe(isCheck ? 1 : 2)
      const logging = properties['LoggingConfig'] as { LogFormat: string; LogGroup: { Ref: string } }
      expect(logging.LogFormat).toBe('JSON')
      return logging.LogGroup.Ref
    })
    expect(new Set(used)).toEqual(new Set(groups.map(({ id }) => id)))
    for (const group of groups) expect(group.Properties['RetentionInDays']).toBeGreaterThan(0)
  })

  test('none is tried again by Lambda itself', () => {
    const { resources } = synthesize()
    const invokes = resources('AWS::Lambda::EventInvokeConfig')
    expect(invokes.map(({ Properties: each }) => each['MaximumRetryAttempts'])).toEqual(FUNCTION_JOBS.map(() => 0))
    expect(new Set(invokes.map(functionOf))).toEqual(idsOf(resources('AWS::Lambda::Function')))
  })

  test('every one gets the configuration by reference and the bucket, and nothing of the machine that built it', () => {
    for (const { Properties: properties } of synthesize().resources('AWS::Lambda::Function')) {
      const { Variables: variables } = properties['Environment'] as { Variables: Record<string, string> }
      expect(variables['RAINGAUGE_BUCKET']).toMatchObject({
        Ref: expect.stringMatching(/^RaingaugeArchives/) as string,
      })
      expect(deserializeConfig(variables['RAINGAUGE_CONFIG'] ?? '')).toMatchObject({
        project: 'shop',
        migrations: 'migrations',
        environments: [{ name: 'staging', url: { kind: 'secrets-manager', id: 'shop/staging-url' } }, {}],
        slackWebhook: { kind: 'secrets-manager', id: 'shop/slack' },
        identity: { kind: 'secrets-manager', id: 'shop/age-key' },
      })
    }
  })

  test('what a caller sets goes over what the stack sets, and the environment is merged', () => {
    const { resources } = synthesize(config(), { functionProps: { memorySize: 512, environment: { MARK: 'mine' } } })
    for (const { Properties: properties } of resources('AWS::Lambda::Function')) {
      expect(properties['MemorySize']).toBe(512)
      const { Variables: variables } = properties['Environment'] as { Variables: Record<string, string> }
      expect(Object.keys(variables).toSorted()).toEqual([
        'MARK',
        'NODE_EXTRA_CA_CERTS',
        'NODE_OPTIONS',
        'RAINGAUGE_BUCKET',
        'RAINGAUGE_CONFIG',
      ])
    }
  })
})

describe('the store', () => {
  test('every bucket is encrypted with a kept key, private, versioned, TLS only, and kept', () => {
    const { resources } = synthesize()
    const buckets = resources('AWS::S3::Bucket')
    expect(buckets).toHaveLength(1)
    for (const bucket of buckets) {
      expect(bucket).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })
      expect(bucket.Properties).toMatchObject({
        VersioningConfiguration: { Status: 'Enabled' },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      })
      expect(JSON.stringify(bucket.Properties['BucketEncryption'])).toContain('"SSEAlgorithm":"aws:kms"')
      expect(JSON.stringify(bucket.Properties['LifecycleConfiguration'])).toContain('"DaysAfterInitiation":1')
      const policy = resources('AWS::S3::BucketPolicy').find(
        ({ Properties: each }) => refOf(each['Bucket']) === bucket.id,
      )
      expect(statementsOf(policy)).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      )
    }
    for (const key of resources('AWS::KMS::Key')) {
      expect(key).toMatchObject({ DeletionPolicy: 'Retain', Properties: { EnableKeyRotation: true } })
    }
  })

  test('a configured bucket is used by its name and within its prefix, and none is made', () => {
    const { resources } = synthesize(config({ store: 's3://acme-archives/raingauge' }))
    expect(resources('AWS::S3::Bucket')).toEqual([])
    for (const { Properties: properties } of resources('AWS::Lambda::Function')) {
      expect(properties).toMatchObject({ Environment: { Variables: { RAINGAUGE_BUCKET: 'acme-archives' } } })
    }
    const objects = jobStatements(resources()).filter(({ Action: action }) => [action].flat().includes('s3:GetObject'))
    expect(objects.length).toBeGreaterThan(FUNCTION_JOBS.length)
    for (const statement of objects) {
      for (const resource of [statement.Resource].flat()) {
        expect(JSON.stringify(resource)).toContain(':s3:::acme-archives/raingauge/')
      }
    }
  })
})

describe('the topic of the alarms', () => {
  test('every topic is encrypted under a key that lets CloudWatch publish, and refuses plain HTTP', () => {
    const { resources } = synthesize()
    const keys = JSON.stringify(resources('AWS::KMS::Key'))
    expect(keys).toContain('cloudwatch.amazonaws.com')
    const policies = resources('AWS::SNS::TopicPolicy')
    for (const topic of resources('AWS::SNS::Topic')) {
      expect(topic.Properties['KmsMasterKeyId']).toBeDefined()
      const policy = policies.find(({ Properties: each }) => JSON.stringify(each['Topics']).includes(topic.id))
      expect(JSON.stringify(statementsOf(policy))).toContain('aws:SecureTransport')
    }
    expect(resources('AWS::SNS::Subscription')[0]?.Properties).toMatchObject({
      Protocol: 'email',
      Endpoint: 'ops@example.com',
    })
  })
})

describe('schedules', () => {
  test('a check has one, every other job one for each environment, in the configured zone, with a window and a dead-letter queue', () => {
    const schedules = { backup: { production: 'rate(6 hours)' }, drill: { staging: null } }
    const { resources } = synthesize(config({ deploy: { timeZone: 'Europe/Berlin', schedules } }))
    const queues = resources('AWS::SQS::Queue')
    const planned = resources('AWS::Scheduler::Schedule').map(({ Properties: each }) => {
      expect(each['ScheduleExpressionTimezone']).toBe('Europe/Berlin')
      expect(each['FlexibleTimeWindow']).toMatchObject({ Mode: 'FLEXIBLE' })
      const target = each['Target'] as Record<string, unknown>
      expect(idOf((target['DeadLetterConfig'] as { Arn: unknown }).Arn)).toBe(queues[0]?.id)
      const { slot, environment } = JSON.parse(String(target['Input'])) as Record<string, string>
      expect(slot).toBe('<aws.scheduler.scheduled-time>')
      const [job] = FUNCTION_JOBS.filter((name) => idOf(target['Arn'])?.includes(`${name}Job`))
      return [job, environment, each['ScheduleExpression']]
    })
    expect(planned.toSorted(byText)).toEqual(
      [
        ['check', undefined, 'rate(1 hour)'],
        ['backup', 'staging', 'cron(17 2 * * ? *)'],
        ['backup', 'production', 'rate(6 hours)'],
        ['drill', 'production', 'cron(17 4 ? * SUN *)'],
        ['prune', 'staging', 'cron(17 6 * * ? *)'],
        ['prune', 'production', 'cron(17 6 * * ? *)'],
      ].toSorted(byText),
    )
    for (const queue of queues) expect(queue.Properties['SqsManagedSseEnabled']).toBe(true)
  })
})

describe('secrets', () => {
  test('each is named by reference; a job may read those that it needs: a drill no database, a backup no scratch', () => {
    const { resources } = synthesize(config({ scratch: { url: { secret: 'shop/scratch' } } }))
    const granted = jobStatements(resources())
      .filter(({ Action: action }) => [action].flat().some((each) => each.startsWith('secretsmanager:')))
      .map((statement) => {
        expect(statement.Action).toBe('secretsmanager:GetSecretValue')
        const names = JSON.stringify(statement.Resource).matchAll(/:secret:(?<name>[^"]+)"/g)
        return Array.from(names, ({ groups }) => groups?.['name'] ?? '').toSorted()
      })
    const slack = 'shop/slack-??????'
    const key = 'shop/age-key-??????'
    const all = ['shop/production-url-AbCdEf', slack, 'shop/staging-url-??????']
    const scratch = 'shop/scratch-??????'
    const wanted = [[...all, scratch].toSorted(), all, [key, scratch, slack], [slack]]
    expect(granted.toSorted(byText)).toEqual(wanted.toSorted(byText))
  })

  test('a database URL that is written out is refused before there is a template', () => {
    const environments = [{ name: 'production', url: 'postgres://app:hunter22@db.example.com/app' }]
    expect(() => synthesize(config({ environments }))).toThrow(/environments \(production\): is a value/)
    expect(() => synthesize(config({ environments }))).not.toThrow(/hunter22/)
  })
})

describe('permissions', () => {
  test('no statement is about everything, but those of a key about itself', () => {
    const { resources } = synthesize()
    const everything = resources().flatMap((resource) =>
      documentsOf(resource).flatMap((statement) =>
        [statement.Resource].flat().includes('*') ? [`${resource.Type} ${[statement.Action].flat().join(' ')}`] : [],
      ),
    )
    // In the policy of a key, `*` is the key (KMS Developer Guide, "Key policies").
    expect(everything).toEqual(['AWS::KMS::Key kms:*', 'AWS::KMS::Key kms:Decrypt kms:GenerateDataKey'])
  })

  test('no job uses a policy that AWS manages, and none has a wildcard in its actions', () => {
    const { resources } = synthesize()
    for (const { Properties: each } of resources('AWS::IAM::Role')) expect(each['ManagedPolicyArns']).toBeUndefined()
    expect(
      jobStatements(resources())
        .flatMap(({ Action: action }) => [action].flat())
        .filter((each) => each.includes('*')),
    ).toEqual([])
  })
})

function byText(a: unknown[], b: unknown[]): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
}

/** What jobs may do to log in by IAM. */
function connects(resources: Resource[]): Statement[] {
  return jobStatements(resources).filter(({ Action: action }) => [action].flat().includes('rds-db:connect'))
}

function jobStatements(resources: Resource[]): Statement[] {
  return resources.filter(({ Type: type }) => type === 'AWS::IAM::Policy').flatMap(documentsOf)
}

function documentsOf({ Properties: properties }: Resource): Statement[] {
  const document = (properties['PolicyDocument'] ?? properties['KeyPolicy']) as { Statement: Statement[] } | undefined
  return document?.Statement ?? []
}

function statementsOf(resource: Resource | undefined): Statement[] {
  return resource === undefined ? [] : documentsOf(resource)
}

function idsOf(resources: Resource[]): Set<string> {
  return new Set(resources.map(({ id }) => id))
}

function functionOf({ Properties: properties }: Resource): string | undefined {
  return refOf(properties['FunctionName'])
}

function refOf(value: unknown): string | undefined {
  return (value as { Ref?: string } | undefined)?.Ref
}

function idOf(value: unknown): string | undefined {
  return (value as { 'Fn::GetAtt'?: string[] } | undefined)?.['Fn::GetAtt']?.[0]
}

test('who logs in by IAM may ask for tokens, in the regions that are known, and nobody else may', () => {
  expect(connects(synthesize().resources())).toEqual([])
  const url = { secret: 'shop/production-url' }
  const environments = [
    { name: 'staging', url, iam: true as const },
    { name: 'production', url, iam: { region: 'eu-west-1' } },
  ]
  const statements = connects(synthesize(config({ environments })).resources())
  expect(statements.length).toBeGreaterThan(0)
  for (const { Resource: places } of statements) {
    expect(JSON.stringify(places)).toMatch(/rds-db:\*:.*:dbuser:\*\/\*.*rds-db:eu-west-1:.*:dbuser:\*\/\*/)
  }
})

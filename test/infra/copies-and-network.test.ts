// Everything that a careful deployment asks for, in one synthesis: a locked bucket, copies in another region, a network, secrets under a key of one's own.
import { Template } from 'aws-cdk-lib/assertions'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parseConfig } from '../../lib/config/parse-config.ts'
import { config, EXAMPLE, stackOf, synthesize, type Resource } from '../support/synthesized-stack.ts'

const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000000'
const VPC = {
  id: 'vpc-0a1b2c3d',
  subnets: ['subnet-0a1b2c3d', 'subnet-1a1b2c3d'],
  availabilityZones: ['eu-central-1a', 'eu-central-1b'],
  ports: [5432, 6543],
  endpoints: true,
  routeTables: ['rtb-0a1b2c3d', 'rtb-1a1b2c3d'],
}
const CAREFUL = config({
  environments: [
    { name: 'staging', url: { parameter: '/shop/staging-url' } },
    { name: 'production', url: { secret: 'shop/watch' }, backupUrl: { parameter: 'arn:aws:ssm:eu-central-1:111122223333:parameter/shop/dump' } }, // prettier-ignore
  ],
  archives: { lock: { days: 60, mode: 'compliance' } },
  deploy: { region: 'eu-central-1', vpc: VPC, replica: { region: 'eu-west-1' }, secretKeys: [KEY] },
})

type Statement = { Effect: string; Action: string | string[]; Resource: unknown; Condition?: unknown }

const made = (() => {
  const { stack, remove } = stackOf(CAREFUL)
  const { replica } = stack.raingauge
  if (replica === undefined) throw new Error('no replica was made')
  const both = { main: Template.fromStack(stack).toJSON(), copies: Template.fromStack(replica.stack).toJSON() }
  const order = stack.dependencies.map(({ stackName }) => stackName)
  remove()
  return { ...both, order }
})()

function resources(template: Record<string, unknown>, type: string): Resource[] {
  const all = Object.entries(template['Resources'] as Record<string, Omit<Resource, 'id'>>)
  return all.map(([id, each]) => ({ id, ...each })).filter((each) => each.Type === type)
}

/** The only one of its kind, and its properties. */
function only(template: Record<string, unknown>, type: string): Resource {
  const [one, ...more] = resources(template, type)
  if (one === undefined || more.length > 0) throw new Error(`${more.length + 1} of ${type}, or none`)
  return one
}

/** The statements of the roles whose id holds this word. */
function statementsOf(word: string): Statement[] {
  return resources(made.main, 'AWS::IAM::Policy')
    .filter(({ id }) => id.includes(word))
    .flatMap(({ Properties: each }) => (each['PolicyDocument'] as { Statement: Statement[] }).Statement)
}

function actionsOf(word: string, action: RegExp): Statement[] {
  return statementsOf(word).filter(({ Action: each }) => [each].flat().some((one) => action.test(one)))
}

/** Reads a configuration with this VPC. */
function parsed(vpc: object): () => unknown {
  return () => parseConfig({ ...EXAMPLE, deploy: { vpc } }, { source: 'test', base: '/', variables: {} })
}

/** The secrets that these roles may read, with the action. */
function named(word: string): string[] {
  return actionsOf(word, /^(?:ssm|secretsmanager):/)
    .flatMap(({ Action: action, Resource: resource }) =>
      [resource].flat().map((each) => `${String(action)} ${JSON.stringify(each)}`),
    )
    .map((text) => text.replace(/\{.*:(?=(?:secret|parameter)[:/])/, '').replaceAll(/["\]}]/g, ''))
}

describe('the bucket', () => {
  const bucket = only(made.main, 'AWS::S3::Bucket')

  test('can lock from its first day, and locks nothing by itself', () => {
    for (const each of [bucket, synthesize().resources('AWS::S3::Bucket')[0]]) {
      expect(each?.Properties['ObjectLockEnabled']).toBe(true)
      expect(JSON.stringify(each?.Properties)).not.toContain('DefaultRetention')
    }
  })

  test('ends what prune hid, and only that: no rule ends an archive that is there', () => {
    const { Rules: rules } = bucket.Properties['LifecycleConfiguration'] as { Rules: Record<string, unknown>[] }
    const ofArchives = rules.filter(({ Prefix: prefix }) => prefix === undefined || prefix === 'archives/')
    expect(ofArchives.filter((each) => 'ExpirationInDays' in each)).toEqual([])
    expect(ofArchives).toContainEqual(
      expect.objectContaining({ NoncurrentVersionExpiration: { NoncurrentDays: 14 }, ExpiredObjectDeleteMarker: true }),
    )
  })
})

describe('copies in another region', () => {
  const copies = only(made.copies, 'AWS::S3::Bucket')
  const source = only(made.main, 'AWS::S3::Bucket')

  test('lie in a bucket that is private, encrypted, versioned, kept, and locks what arrives', () => {
    expect(copies).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })
    expect(copies.Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Days: 60, Mode: 'COMPLIANCE' } } },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true }, // prettier-ignore
      LifecycleConfiguration: {
        Rules: [{ ExpirationInDays: 60, NoncurrentVersionExpiration: { NoncurrentDays: 35 } }],
      },
    })
    expect(JSON.stringify(copies.Properties['BucketEncryption'])).toContain('"SSEAlgorithm":"aws:kms"')
    const [policy] = resources(made.copies, 'AWS::S3::BucketPolicy')
    expect(JSON.stringify(policy)).toContain('aws:SecureTransport')
    const [key] = resources(made.copies, 'AWS::KMS::Key')
    expect(key).toMatchObject({ DeletionPolicy: 'Retain', Properties: { EnableKeyRotation: true } })
  })

  test('are made of archives alone, under the key over there, and no deletion follows them', () => {
    const { Rules: rules } = source.Properties['ReplicationConfiguration'] as { Rules: Record<string, unknown>[] }
    expect(rules).toMatchObject([
      {
        Status: 'Enabled',
        Filter: { Prefix: 'archives/' },
        DeleteMarkerReplication: { Status: 'Disabled' },
        SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
      },
    ])
    const [alias] = resources(made.copies, 'AWS::KMS::Alias')
    expect(JSON.stringify(rules)).toContain(`:${String(alias?.Properties['AliasName'])}`)
    const name = copies.Properties['BucketName'] as { 'Fn::Join': [string, [string, ...unknown[]]] }
    const [prefix] = name['Fn::Join'][1]
    expect(prefix).toMatch(/^raingauge-shop-[0-9a-f]{8}-$/)
    expect(JSON.stringify(rules)).toContain(`:s3:::${prefix}`)
  })

  test('are written by a role that may read archives here, and neither delete nor read there', () => {
    const statements = statementsOf('Replication')
    const actions = statements.flatMap(({ Action: action }) => action)
    expect(actions).toContain('s3:GetObjectRetention')
    expect(actions).toContain('s3:ReplicateObject')
    expect(actions.filter((each) => /Delete|\*|Bypass|s3:GetObject$|PutObject/.test(each))).toEqual([])
    const encrypt = statements.find(({ Action: action }) => [action].flat().includes('kms:Encrypt'))
    expect(encrypt?.Condition).toMatchObject({ StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } })
    const onObjects = statements.filter(({ Action: action }) =>
      [action].flat().some((each) => /^s3:.*Object/.test(each)),
    )
    expect(onObjects).toHaveLength(2)
    for (const { Resource: resource } of onObjects) expect(JSON.stringify(resource)).toContain('/archives/*')
  })

  test('are ready before the bucket is told of them, and every other resource waits for nothing', () => {
    expect(made.order).toEqual(['Raingauge-shop-replica'])
  })

  test('are refused where they would protect from nothing, and for a bucket that is not ours to change', () => {
    const deploy = { region: 'eu-west-1', replica: { region: 'eu-west-1' } }
    expect(() => synthesize(config({ deploy }))).toThrow(/deploy\.replica: is eu-west-1, where the archives are/)
    const own = config({ store: 's3://acme/x', deploy: { replica: { region: 'eu-west-1' } } })
    expect(() => synthesize(own)).toThrow(/deploy\.replica: is for the bucket that the stack makes/)
  })

  test('of two stacks have names of their own, and long or odd names of projects fit', () => {
    const project = `a-${'b'.repeat(12)}-${'c'.repeat(40)}`
    const { stack, remove } = stackOf(config({ project, deploy: { replica: { region: 'ap-southeast-1' } } }))
    onTestFinished(remove)
    const { Properties: properties } = only(
      Template.fromStack(stack.raingauge.replica!.stack).toJSON(),
      'AWS::S3::Bucket',
    )
    const parts = (properties['BucketName'] as { 'Fn::Join': [string, (string | object)[]] })['Fn::Join'][1]
    const name = parts.map((part) => (typeof part === 'string' ? part : '111122223333')).join('')
    expect(name).toMatch(/^[a-z0-9-]{3,63}$/)
    expect(stack.dependencies.map(({ stackName }) => stackName)).toEqual([`Raingauge-${project}-replica`])
    expect(name).not.toContain(String(/raingauge-shop-[0-9a-f]{8}/.exec(JSON.stringify(made.copies))?.[0]))
  })
})

describe('a network', () => {
  test('holds every function, and lets it out to HTTPS and databases alone', () => {
    const functions = resources(made.main, 'AWS::Lambda::Function')
    expect(functions.length).toBeGreaterThan(3)
    const groups = resources(made.main, 'AWS::EC2::SecurityGroup')
    const [group] = groups.filter(({ Properties: each }) => String(each['GroupDescription']).includes('in for nobody'))
    for (const { Properties: each } of functions) {
      expect(each['VpcConfig']).toEqual({
        SubnetIds: VPC.subnets,
        SecurityGroupIds: [{ 'Fn::GetAtt': [group?.id, 'GroupId'] }],
      })
    }
    const out = group?.Properties['SecurityGroupEgress'] as { FromPort: number; ToPort: number }[]
    expect(out.map(({ FromPort: from, ToPort: to }) => [from, to])).toEqual([[443, 443], [5432, 5432], [6543, 6543]]) // prettier-ignore
    expect(group?.Properties['SecurityGroupIngress']).toBeUndefined()
  })

  test('has an endpoint for what functions call from there, and only they come in', () => {
    const endpoints = resources(made.main, 'AWS::EC2::VPCEndpoint').map(({ Properties: each }) => {
      const service = JSON.stringify(each['ServiceName'])
      return [/(?<name>s3|ssm|secretsmanager|logs|kms)"/.exec(service)?.groups?.['name'], each['VpcEndpointType'], each['RouteTableIds']] // prettier-ignore
    })
    expect(endpoints).toEqual([
      ['s3', 'Gateway', VPC.routeTables],
      ['secretsmanager', 'Interface', undefined],
      ['ssm', 'Interface', undefined],
    ])
    const ingress = resources(made.main, 'AWS::EC2::SecurityGroupIngress')
    expect(ingress).toHaveLength(1)
    expect(ingress[0]?.Properties).toMatchObject({ FromPort: 443, ToPort: 443 })
    expect(ingress[0]?.Properties['CidrIp']).toBeUndefined()
  })

  test('is entered by Lambda with the role of the function, not by the code of the function', () => {
    for (const word of ['checkJob', 'backupJob', 'drillJob', 'pruneJob']) {
      const [allow, deny, ...more] = actionsOf(word, /^ec2:/)
      expect(more).toEqual([])
      expect(allow).toMatchObject({ Effect: 'Allow' })
      expect(deny).toMatchObject({ Effect: 'Deny', Condition: { Null: { 'lambda:SourceFunctionArn': 'false' } } })
      expect(deny?.Action).toEqual(allow?.Action)
    }
    expect(JSON.stringify(synthesize().template)).not.toContain('ec2:')
  })

  test('wants route tables with its endpoints, and a zone for each subnet', () => {
    const { routeTables: _, ...without } = VPC
    expect(parsed(without)).toThrow(/deploy\.vpc\.routeTables: must name the route tables/)
    expect(parsed({ ...VPC, availabilityZones: ['eu-central-1a'] })).toThrow(/one availability zone for each subnet/)
  })
})

describe('secrets', () => {
  test('of SSM are granted by name or ARN; a check reads no login of backups, nor a backup one of checks', () => {
    const slack = 'secretsmanager:GetSecretValue secret:shop/slack-??????'
    expect(named('checkJob').toSorted()).toEqual([
      slack,
      'secretsmanager:GetSecretValue secret:shop/watch-??????',
      'ssm:GetParameter parameter/shop/staging-url',
    ])
    expect(named('backupJob').toSorted()).toEqual([
      slack,
      'ssm:GetParameter arn:aws:ssm:eu-central-1:111122223333:parameter/shop/dump',
      'ssm:GetParameter parameter/shop/staging-url',
    ])
    expect(named('pruneJob')).toEqual([slack])
  })

  test('under a key of yours are decrypted through their service alone', () => {
    const [decrypt] = actionsOf('checkJob', /^kms:Decrypt$/).filter(({ Resource: each }) => each === KEY)
    expect(decrypt?.Condition).toEqual({
      StringEquals: {
        'kms:ViaService': ['secretsmanager.eu-central-1.amazonaws.com', 'ssm.eu-central-1.amazonaws.com'],
      },
    })
    expect(JSON.stringify(synthesize().template)).not.toContain('"kms:ViaService":"secretsmanager')
  })
})

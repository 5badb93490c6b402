// A copy of every archive in another region: names that both sides know, the bucket over there, and the rule over here.
import { createHash } from 'node:crypto'
import { Aws, Duration, RemovalPolicy, Stack, Stage, Token, type StackProps } from 'aws-cdk-lib'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Alias, Key } from 'aws-cdk-lib/aws-kms'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectLockRetention,
  ObjectOwnership,
  type BucketProps,
  type CfnBucket,
  type IBucket,
} from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { LockPolicy } from '../config/archive-policy.ts'
import type { Config } from '../config/config.ts'
import { ConfigError } from '../config/config-error.ts'
import { acknowledgeRules } from './acknowledge-rules.ts'

/** How the two stacks know of each other: nothing crosses a region but these names. */
export type ReplicaNames = { region: string; bucketName: string; aliasName: string }

/** `owner`: what is unlike any other Raingauge of the account, such as the path of the construct. */
export function replicaNames(project: string, owner: string, region: string): ReplicaNames {
  const hash = createHash('sha256').update(owner).digest('hex').slice(0, 8)
  const name = `raingauge-${project.replaceAll('_', '-').slice(0, 14).replace(/-+$/, '')}-${hash}`
  // With the account, since names of buckets are the whole world's: 63 characters at most.
  return { region, bucketName: `${name}-${Aws.ACCOUNT_ID}-${region}`, aliasName: `alias/${name}-replica` }
}

export type ReplicaStackProps = StackProps & {
  project: string
  names: ReplicaNames
  /** How verified archives are locked; null: they are not. */
  lock: LockPolicy | null
  /** Copies are kept so long, whatever happens to the originals. */
  days: number
  /** Goes over what is set for the bucket. */
  bucketProps?: BucketProps | undefined
}

/** The bucket of the copies, in its own region: encrypted, private, TLS only, versioned, and kept when the stack is deleted. */
export class ReplicaStack extends Stack {
  readonly bucket: Bucket
  readonly encryptionKey: Key
  /** By it, the role that copies knows the key. */
  readonly alias: Alias

  constructor(scope: Construct, id: string, props: ReplicaStackProps) {
    const { project, names, lock, days, bucketProps, ...stackProps } = props
    super(scope, id, { description: `Raingauge: copies of the archives of ${project}`, ...stackProps })
    acknowledgeRules(this)
    this.encryptionKey = new Key(this, 'Key', {
      description: `Raingauge: copies of the archives of ${project}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    this.alias = new Alias(this, 'Alias', { aliasName: names.aliasName, targetKey: this.encryptionKey })
    this.bucket = new Bucket(this, 'Bucket', {
      bucketName: names.bucketName,
      encryption: BucketEncryption.KMS,
      encryptionKey: this.encryptionKey,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      // A source with Object Lock copies only to where there is one, too.
      objectLockEnabled: true,
      // An archive is copied before it is verified and locked: here it is locked as it arrives.
      ...(lock === null ? {} : { objectLockDefaultRetention: retentionOf(lock) }),
      lifecycleRules: [
        {
          id: 'old-copies',
          expiration: Duration.days(Math.max(days, lock?.days ?? 0)),
          noncurrentVersionExpiration: Duration.days(days),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      ...bucketProps,
    })
  }
}

export type ReplicaOptions = {
  /** As the stack knows its bucket; one that it did not make cannot be told to copy. */
  source: IBucket
  sourceKey: Key
  config: Pick<Config, 'project' | 'archives' | 'deploy'>
}

export type Replica = { stack: ReplicaStack; replication: Replication }

/** Copies archives to the region of `deploy.replica`, by a stack beside that of the scope; undefined where none is asked for. Throws {@link ConfigError}. */
export function addReplica(scope: Construct, options: ReplicaOptions): Replica | undefined {
  const { source, sourceKey, config } = options
  const { project, archives, deploy } = config
  if (deploy.replica === null) return undefined
  const { region, days } = deploy.replica
  const here = Stack.of(scope)
  refuse(here.region === region, `is ${region}, where the archives are`, 'name another region')
  refuse(
    !(source instanceof Bucket),
    'is for the bucket that the stack makes',
    'have your own bucket copied by a rule of yours',
  )
  const names = replicaNames(project, `${here.stackName} ${scope.node.path}`, region)
  const stack = new ReplicaStack(Stage.of(scope) ?? here.node.root, stackNameFor(here.stackName, project), {
    project,
    names,
    lock: archives.lock,
    days,
    env: { region, ...(Token.isUnresolved(here.account) ? {} : { account: here.account }) },
  })
  // S3 takes a rule only when the bucket that it names is there.
  here.addStackDependency(stack)
  const replication = new Replication(scope, 'Replication', { source: source as Bucket, sourceKey, names })
  return { stack, replication }
}

/** A stack may hold several projects, each with copies of its own. */
function stackNameFor(stackName: string, project: string): string {
  const word = project.replaceAll('_', '-')
  return stackName.endsWith(word) ? `${stackName}-replica` : `${stackName}-${word}-replica`
}

export type ReplicationProps = { source: Bucket; sourceKey: Key; names: ReplicaNames }

/** What copies archives as they are written, with a role for just that (S3 User Guide, "Setting up permissions for live replication"). */
export class Replication extends Construct {
  readonly role: Role

  constructor(scope: Construct, id: string, props: ReplicationProps) {
    super(scope, id)
    const { source, sourceKey, names } = props
    const stack = Stack.of(this)
    this.role = new Role(this, 'Role', {
      description: 'Copies archives to the other region',
      assumedBy: new ServicePrincipal('s3.amazonaws.com'),
    })
    const over = (resource: string): string => `arn:${Aws.PARTITION}:kms:${names.region}:${Aws.ACCOUNT_ID}:${resource}`
    const bucketArn = `arn:${Aws.PARTITION}:s3:::${names.bucketName}`
    for (const statement of [
      { actions: ['s3:GetReplicationConfiguration', 's3:ListBucket'], resources: [source.bucketArn] },
      {
        actions: [
          's3:GetObjectVersionForReplication',
          's3:GetObjectVersionAcl',
          's3:GetObjectVersionTagging',
          's3:GetObjectRetention',
          's3:GetObjectLegalHold',
        ],
        resources: [source.arnForObjects('archives/*')],
      },
      { actions: ['s3:ReplicateObject', 's3:ReplicateTags'], resources: [`${bucketArn}/archives/*`] },
      {
        actions: ['kms:Decrypt'],
        resources: [sourceKey.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `s3.${stack.region}.amazonaws.com` } },
      },
      {
        // Which key that is, only its alias says on this side.
        actions: ['kms:Encrypt', 'kms:GenerateDataKey'],
        resources: [over('key/*')],
        conditions: {
          StringEquals: { 'kms:ViaService': `s3.${names.region}.amazonaws.com` },
          'ForAnyValue:StringEquals': { 'kms:ResourceAliases': names.aliasName },
        },
      },
    ]) {
      this.role.addToPolicy(new PolicyStatement(statement))
    }
    const bucket = source.node.defaultChild as CfnBucket
    bucket.replicationConfiguration = {
      role: this.role.roleArn,
      rules: [
        {
          id: 'archives',
          priority: 1,
          status: 'Enabled',
          filter: { prefix: 'archives/' },
          // Whoever deletes here, by right or by mistake, deletes nothing there.
          deleteMarkerReplication: { status: 'Disabled' },
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } },
          destination: {
            bucket: bucketArn,
            encryptionConfiguration: { replicaKmsKeyId: over(names.aliasName) },
          },
        },
      ],
    }
  }
}

function retentionOf({ mode, days }: LockPolicy): ObjectLockRetention {
  switch (mode) {
    case 'governance':
      return ObjectLockRetention.governance(Duration.days(days))
    case 'compliance':
      return ObjectLockRetention.compliance(Duration.days(days))
    default:
      return mode satisfies never
  }
}

function refuse(isWrong: boolean, problem: string, remedy: string): void {
  if (isWrong) throw new ConfigError([{ place: 'deploy.replica', problem, remedy }])
}

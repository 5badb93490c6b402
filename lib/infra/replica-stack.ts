import { createHash } from 'node:crypto'
import { Aws, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import { Alias, Key } from 'aws-cdk-lib/aws-kms'
import { Bucket, ObjectLockRetention, type BucketProps } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import type { LockPolicy } from '../config/archive-policy.ts'
import { acknowledgeRules } from './acknowledge-rules.ts'
import { keptBucket } from './kept-bucket.ts'

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

/** The bucket of the copies, in its own region. */
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
      ...keptBucket(this.encryptionKey),
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

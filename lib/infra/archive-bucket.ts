import { Duration, Stack } from 'aws-cdk-lib'
import { PolicyStatement, type IGrantable } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { Bucket, type BucketProps, type IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { StoreLocation } from '../config/config.ts'
import { FUNCTION_VARIABLES, type FunctionJob } from '../config/function-variables.ts'
import { BUCKET_ACCESS, STORE_ACCESS, type ObjectAccess } from './job-plan.ts'
import { keptBucket } from './kept-bucket.ts'

/** Two weekly drills, and somebody back from a holiday: until then a mistaken prune can be undone. */
const HIDDEN_DAYS = 14

export type ArchiveBucketProps = {
  /** The configured store. One in S3 is used by its name; for a folder the stack makes a bucket. */
  store: StoreLocation
  /** Encrypts the bucket that is made. A key of our own, so that reading dumps takes a second permission beside the bucket's. */
  encryptionKey: IKey
  /** Goes over what is set here. */
  bucketProps?: BucketProps | undefined
}

/** Where archives, baselines and state live. */
export class ArchiveBucket extends Construct {
  readonly bucket: IBucket
  readonly #prefix: string
  readonly #key: IKey | undefined

  constructor(scope: Construct, id: string, props: ArchiveBucketProps) {
    super(scope, id)
    const { store, encryptionKey, bucketProps } = props
    if (store.kind === 's3') {
      this.bucket = Bucket.fromBucketName(this, 'Bucket', store.bucket)
      this.#prefix = store.prefix === '' ? '' : `${store.prefix}/`
      return
    }
    this.#prefix = ''
    this.#key = encryptionKey
    this.bucket = new Bucket(this, 'Bucket', {
      ...keptBucket(encryptionKey),
      lifecycleRules: [
        // A function that is killed at its deadline cannot withdraw its upload.
        { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
        // Overwritten with every run.
        { id: 'old-state', prefix: 'state/', noncurrentVersionExpiration: Duration.days(30) },
        {
          // What prune, or whoever got hold of its role, only hid. A version that is locked stays for as long as its lock (S3 User Guide, "Object Lock considerations").
          id: 'old-archives',
          prefix: 'archives/',
          noncurrentVersionExpiration: Duration.days(HIDDEN_DAYS),
          expiredObjectDeleteMarker: true,
        },
        {
          // What the steps of a sweep hand to each other: told by then, or never.
          id: 'old-sweeps',
          prefix: 'sweeps/',
          expiration: Duration.days(14),
          noncurrentVersionExpiration: Duration.days(1),
        },
        {
          id: 'old-leases',
          prefix: 'locks/',
          noncurrentVersionExpiration: Duration.days(1),
          expiredObjectDeleteMarker: true,
        },
      ],
      ...bucketProps,
    })
  }

  /** Tells the function of the job where the store is, and lets it do there what its job needs. */
  grantJob(job: FunctionJob, target: LambdaFunction): void {
    target.addEnvironment(FUNCTION_VARIABLES.bucket, this.bucket.bucketName)
    this.grantAccess(target, BUCKET_ACCESS[job], STORE_ACCESS[job])
  }

  /** The store, as a configuration names it. */
  get location(): string {
    return `s3://${this.bucket.bucketName}/${this.#prefix}`.replace(/\/$/, '')
  }

  /** A key of the store as the bucket knows it. */
  keyOf(key: string): string {
    return `${this.#prefix}${key}`
  }

  /** Lets the grantee do just that with the bucket itself and with the objects of the store. */
  grantAccess(grantee: IGrantable, onBucket: readonly string[], onObjects: readonly ObjectAccess[]): void {
    const principal = grantee.grantPrincipal
    // Without it, S3 answers 403 instead of 404 for an object that is not there. A condition on the prefix would bring that back.
    if (onBucket.length > 0) {
      principal.addToPrincipalPolicy(
        new PolicyStatement({ actions: [...onBucket], resources: [this.bucket.bucketArn] }),
      )
    }
    for (const { actions, keys } of onObjects) {
      principal.addToPrincipalPolicy(
        new PolicyStatement({
          actions: [...actions],
          resources: keys.map((key) => this.bucket.arnForObjects(this.keyOf(key))),
        }),
      )
    }
    if (this.#key !== undefined) {
      principal.addToPrincipalPolicy(
        new PolicyStatement({
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
          resources: [this.#key.keyArn],
          conditions: { StringEquals: { 'kms:ViaService': `s3.${Stack.of(this).region}.amazonaws.com` } },
        }),
      )
    }
  }
}

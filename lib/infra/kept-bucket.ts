import { RemovalPolicy } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { BlockPublicAccess, BucketEncryption, ObjectOwnership, type BucketProps } from 'aws-cdk-lib/aws-s3'

/** What every bucket with archives in it has: encrypted, private, TLS only, versioned, and kept when the stack is deleted. */
export function keptBucket(encryptionKey: IKey): BucketProps {
  return {
    encryption: BucketEncryption.KMS,
    encryptionKey,
    bucketKeyEnabled: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    versioned: true,
    // It costs nothing and locks nothing by itself; switched on later, CloudFormation would make another bucket. And a bucket that has it is
    // copied only to one that has it, too.
    objectLockEnabled: true,
    removalPolicy: RemovalPolicy.RETAIN,
  }
}

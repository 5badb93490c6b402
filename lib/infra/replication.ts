import { Aws, Stack } from 'aws-cdk-lib'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Key } from 'aws-cdk-lib/aws-kms'
import type { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { ReplicaNames } from './replica-stack.ts'

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

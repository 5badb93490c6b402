// What a job asked of AWS, in the words of IAM: the calls that the stand-ins saw, and those that AWS makes itself on behalf of the job.
import type { S3Call } from './s3-stand-in.ts'
import type { S3Operation } from './s3-stand-in-faults.ts'
import { ACCOUNT, REGION, type AwsCall } from './template-functions.ts'

/** Service Authorization Reference, "Actions for Amazon S3", and S3 User Guide, "Multipart upload API and permissions". */
const ACTION_OF: Readonly<Record<S3Operation, string>> = {
  PutObject: 's3:PutObject',
  GetObject: 's3:GetObject',
  HeadObject: 's3:GetObject',
  DeleteObject: 's3:DeleteObject',
  ListObjectsV2: 's3:ListBucket',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
  AbortMultipartUpload: 's3:AbortMultipartUpload',
  ListParts: 's3:ListMultipartUploadParts',
  ListMultipartUploads: 's3:ListBucketMultipartUploads',
  GetObjectRetention: 's3:GetObjectRetention',
  PutObjectRetention: 's3:PutObjectRetention',
}

/** S3 User Guide, "Required permissions" of SSE-KMS: reading decrypts; writing asks for a data key, in parts also for its decryption. */
const KEY_ACTIONS_OF: Partial<Readonly<Record<S3Operation, string[]>>> = {
  PutObject: ['kms:GenerateDataKey'],
  GetObject: ['kms:Decrypt'],
  HeadObject: ['kms:Decrypt'],
  CreateMultipartUpload: ['kms:GenerateDataKey'],
  UploadPart: ['kms:GenerateDataKey', 'kms:Decrypt'],
  CompleteMultipartUpload: ['kms:Decrypt'],
}

/** The call, and what S3 asks of the key for it. `key`: ARN of what encrypts the bucket. */
export function callsToS3(
  { operation, key: name }: Pick<S3Call, 'operation' | 'key'>,
  bucket: string,
  key: string,
): AwsCall[] {
  const arn = `arn:aws:s3:::${bucket}`
  const context = { 'kms:ViaService': `s3.${REGION}.amazonaws.com` }
  return [
    {
      action: ACTION_OF[operation],
      resource: operation.startsWith('List') && operation !== 'ListParts' ? arn : `${arn}/${name}`,
      context: {},
    },
    ...(KEY_ACTIONS_OF[operation] ?? []).map((action) => ({ action, resource: key, context })),
  ]
}

/** Reading a secret by its name; Secrets Manager puts six characters of its own behind that. */
export function callToSecret(id: string, isParameter: boolean): AwsCall {
  const place = (service: string, name: string): string =>
    id.startsWith('arn:') ? id : `arn:aws:${service}:${REGION}:${ACCOUNT}:${name}`
  return isParameter
    ? { action: 'ssm:GetParameter', resource: place('ssm', `parameter/${id.replace(/^\//, '')}`), context: {} }
    : { action: 'secretsmanager:GetSecretValue', resource: place('secretsmanager', `secret:${id}-AbCdEf`), context: {} }
}

/** What Lambda does with the role of the function before and while it runs (Developer Guide, "Sending Lambda function logs to CloudWatch Logs"). */
export function callsForLogs(logs: string): AwsCall[] {
  const stream = logs.replace(/\*$/, 'log-stream:test')
  return ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({ action, resource: stream, context: {} }))
}

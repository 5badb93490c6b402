// What a job may do in the store, as IAM would judge it.
import type { FunctionJob } from '../../lib/config/function-variables.ts'
import { BUCKET_ACCESS, STORE_ACCESS, type ObjectAccess } from '../../lib/infra/job-plan.ts'
import type { S3Operation } from './s3-stand-in-faults.ts'

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

/** True when the job has the permission that this call needs. */
export function mayCall(job: FunctionJob, operation: S3Operation, key: string): boolean {
  const action = ACTION_OF[operation]
  return BUCKET_ACCESS[job].includes(action) || mayDo(job, action, key)
}

/** True when the job may do this with the object. */
export function mayDo(job: FunctionJob, action: string, key: string): boolean {
  return mayDoWith(STORE_ACCESS[job], action, key)
}

/** True when this access lets the action be done with the object. */
export function mayDoWith(access: readonly ObjectAccess[], action: string, key: string): boolean {
  return access.some(({ actions, keys }) => actions.includes(action) && keys.some((pattern) => matches(pattern, key)))
}

/** As IAM does: `*` is any characters, slashes too. */
function matches(pattern: string, key: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll('.', '\\.'))
  return new RegExp(`^${parts.join('.*')}$`).test(key)
}

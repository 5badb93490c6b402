// What `raingauge publish` needs of the bucket: the right of an application's pipeline, and of no function.
import type { ObjectAccess } from './job-plan.ts'

/** Without it, S3 answers 403 instead of 404 where nothing is published yet. */
export const PUBLISH_BUCKET_ACCESS: readonly string[] = ['s3:ListBucket']

/** It can publish, and hide nothing that was: it may not delete. `baselines`: for `--baselines`. Keys as in `lib/store/keys.ts`. */
export function publishAccess(project: string, { baselines = false } = {}): ObjectAccess[] {
  const kept: ObjectAccess = {
    actions: ['s3:GetObject', 's3:PutObject'],
    keys: ['baselines/*'],
    reason: 'a baseline has the hash of what was replayed in its key',
  }
  return [
    ...(baselines ? [kept] : []),
    {
      actions: ['s3:GetObject', 's3:PutObject'],
      keys: [`migrations/${project}/*`],
      reason: 'a published folder has its time and its hash in its key; the record is replaced only as it was read',
    },
  ]
}

// A file of its own: a bundle of what is imported lazily and by name here leaves out what of the S3 client nobody uses.
import { S3Client } from '@aws-sdk/client-s3'
import { s3ClientSettings } from '../lib/store/s3-client-settings.ts'

/** With the credentials of the function's role. */
export function newS3Client(): S3Client {
  return new S3Client(s3ClientSettings)
}

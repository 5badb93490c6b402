// An S3 stand-in of a test's own, with a client of the real SDK.
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { onTestFinished } from 'vitest'
import { s3ClientSettings } from '../../lib/store/s3-client-settings.ts'
import { s3Store, type S3Location } from '../../lib/store/s3-store.ts'
import type { Store } from '../../lib/store/store.ts'
import type { S3Fault } from './s3-stand-in-faults.ts'
import { startS3StandIn, type S3StandIn } from './s3-stand-in.ts'

export type TestS3 = { standIn: S3StandIn; client: S3Client; location: S3Location; store: Store }

/** For tests in which something hangs. */
export const IMPATIENT: S3ClientConfig = { requestHandler: { socketTimeout: 400 } }

/** The client's settings for a test of that fault: a busy machine may well be silent for a moment where nothing hangs. */
export function patienceFor({ hang }: Pick<S3Fault, 'hang'>): S3ClientConfig {
  return hang === true ? IMPATIENT : {}
}

/** One try of ours, besides those of the SDK. */
const IMPATIENT_UPLOADS = { retries: 0, pauseMs: 0 }

/** Starts a stand-in and a client for it; both end with the test. */
export async function testS3(settings: S3ClientConfig = {}, prefix = 'raingauge'): Promise<TestS3> {
  const standIn = await startS3StandIn()
  const client = s3Client(standIn, settings)
  onTestFinished(async () => {
    client.destroy()
    await standIn.stop()
  })
  const location = { bucket: standIn.bucketName, prefix }
  return { standIn, client, location, store: s3Store(client, location, IMPATIENT_UPLOADS) }
}

/** A client for the stand-in as the edges build theirs, but with three attempts, and no pauses between them. */
export function s3Client(standIn: S3StandIn, settings: S3ClientConfig = {}): S3Client {
  return new S3Client({
    ...s3ClientSettings,
    maxAttempts: 3,
    retryStrategy: retryAtOnce(3),
    region: 'us-east-1',
    endpoint: standIn.url,
    forcePathStyle: true,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test-secret-key' },
    ...settings,
  })
}

type RetryToken = ReturnType<RetryStrategy['acquireInitialRetryToken']> extends Promise<infer T> ? T : never
type RetryStrategy = Extract<S3ClientConfig['retryStrategy'], { acquireInitialRetryToken: unknown }>

const token = (retries: number): RetryToken => ({ getRetryCount: () => retries, getRetryDelay: () => 0 })

function retryAtOnce(attempts: number): RetryStrategy {
  return {
    acquireInitialRetryToken: () => Promise.resolve(token(0)),
    refreshRetryTokenForRetry: (last, { errorType }) =>
      errorType === 'CLIENT_ERROR' || last.getRetryCount() + 1 >= attempts
        ? Promise.reject(new Error('no attempt left'))
        : Promise.resolve(token(last.getRetryCount() + 1)),
    recordSuccess: () => {},
  }
}

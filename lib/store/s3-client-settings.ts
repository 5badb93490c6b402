// No import of the SDK here: whoever builds the client has it.

/**
 * What a client for {@link s3Store} is built with, besides region and credentials: `new S3Client({ ...s3ClientSettings })`.
 * Without `socketTimeout` (milliseconds without a byte in either direction) a server that stalls is waited for without end.
 */
export const s3ClientSettings = {
  retryMode: 'standard',
  maxAttempts: 5,
  requestHandler: { connectionTimeout: 10_000, socketTimeout: 60_000 },
} as const

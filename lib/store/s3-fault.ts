// Tells the errors of S3 and of the way to it apart: docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.
import { RaingaugeError, messageOf } from '../error.ts'

const BY_NAME: Record<string, string> = {
  NoSuchBucket: 'there is no such bucket: check the store of the configuration, and the region',
  PermanentRedirect: 'the bucket is in another region: set the region of the bucket (AWS_REGION)',
  AuthorizationHeaderMalformed: 'the bucket is in another region: set the region of the bucket (AWS_REGION)',
  CredentialsProviderError: 'no AWS credentials were found: set them, or run with a role',
  TokenProviderError: 'the AWS sign-on has ended: sign in again (aws sso login)',
  ExpiredToken: 'the AWS credentials have expired: renew them',
  ExpiredTokenException: 'the AWS credentials have expired: renew them',
  InvalidAccessKeyId: 'S3 does not know the access key: check the AWS credentials',
  SignatureDoesNotMatch: 'the secret access key is not right: check the AWS credentials',
  RequestTimeTooSkewed: 'the clock of this machine is wrong: set it',
  EntityTooLarge: 'the object is larger than the store takes',
  BadDigest: 'bytes changed on their way to the store: try again, and distrust the network',
  XAmzContentChecksumMismatch: 'bytes changed on their way to the store: try again, and distrust the network',
}

type Outcome = { name: string; status: number | undefined; attempts: number }

/** The error of the house for what a call of the S3 client threw while the store was `during` its work at `place` (an s3:// URL). */
export function s3Fault(error: unknown, place: string, during: string): RaingaugeError {
  if (error instanceof RaingaugeError) return error
  const { name, status, attempts } = outcomeOf(error)
  const words = messageOf(error)
  const said = words === '' || words === name ? name : `${name}: ${words}`
  const tried = attempts > 1 ? ` (${attempts} attempts)` : ''
  const conflict = status === 412 || status === 409
  return new RaingaugeError(conflict ? 'store.conflict' : 'store.unavailable', `${during} ${place}: ${said}${tried}`, {
    remedy: conflict ? undefined : remedyOf(name, words, status),
    cause: error,
  })
}

/**
 * True where the request may have done its work all the same: no answer came, or one of the server's own errors, or an
 * earlier attempt met such a fate and the last one merely found the work done.
 */
export function mayHaveArrived(error: unknown): boolean {
  const { status, attempts } = outcomeOf(error)
  return status === undefined || status >= 500 || attempts > 1
}

/** True for what may be well a minute later: no answer, the server's own errors, and its asking for patience. */
export function mayPass(error: unknown): boolean {
  const { name, status } = outcomeOf(error)
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') return false
  return status === undefined || status >= 500 || status === 429
}

/** True for an answer with one of these names (the `Code` of the error document) or statuses. */
export function answered(error: unknown, ...namesOrStatuses: (string | number)[]): boolean {
  const { name, status } = outcomeOf(error)
  return namesOrStatuses.some((each) => each === name || each === status)
}

function remedyOf(name: string, words: string, status: number | undefined): string {
  const known = BY_NAME[name]
  if (known !== undefined) return known
  // The client's own word for it has no name.
  if (words === 'Region is missing') return 'set the region of the bucket (AWS_REGION)'
  if (status === 401 || status === 403) {
    return 'the role may not do this: grant it, and s3:ListBucket, without which S3 says Forbidden for what is not there'
  }
  if (status === undefined) return 'S3 was not reached: check network, endpoint and region'
  if (status >= 500) return 'S3 is not well or asks for patience: try again later'
  return 'see what S3 says, and whether the endpoint is one that Raingauge can work with'
}

function outcomeOf(error: unknown): Outcome {
  const { name, $metadata } = (typeof error === 'object' && error !== null ? error : {}) as {
    name?: string
    $metadata?: { httpStatusCode?: number; attempts?: number }
  }
  return { name: name ?? 'Error', status: $metadata?.httpStatusCode, attempts: $metadata?.attempts ?? 1 }
}

/** What went wrong, in a word that stays the same over releases: metrics, runbooks and tests lean on it. */
export type ErrorCode =
  | 'usage'
  | 'config.invalid'
  | 'postgres.unreachable'
  | 'postgres.timeout'
  | 'postgres.authentication'
  | 'postgres.permission'
  | 'postgres.tls'
  | 'postgres.not-found'
  | 'postgres.lost'
  | 'postgres.locked'
  | 'postgres.query'
  | 'folder.missing'
  | 'folder.invalid'
  | 'ledger.missing'
  | 'ledger.invalid'
  | 'kit.failed'
  | 'migrate.failed'
  | 'scratch.unavailable'
  | 'scratch.replay'
  | 'dump.failed'
  | 'dump.version'
  | 'dump.stalled'
  | 'archive.corrupt'
  | 'archive.not-found'
  | 'archive.locked'
  | 'archive.restore'
  | 'store.unwritable'
  | 'store.unavailable'
  | 'store.conflict'
  | 'store.corrupt'
  | 'store.retained'
  | 'store.unsupported'
  | 'lease.lost'
  | 'fleet.list'
  | 'bundle.failed'
  | 'notification.failed'
  | 'secret.unavailable'
  | 'run.failed'
  | 'cancelled'

/**
 * The one error of the house. `message` is one line that names the place; `remedy` is one line that says what to do.
 * Neither ever holds a secret: whoever builds one names a host or a user, never a URL.
 */
export class RaingaugeError extends Error {
  override readonly name = 'RaingaugeError'
  readonly code: ErrorCode
  readonly remedy: string | undefined

  constructor(code: ErrorCode, message: string, options: { remedy?: string | undefined; cause?: unknown } = {}) {
    super(message.replaceAll(/\s*\n\s*/g, ' '), options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.remedy = options.remedy
  }
}

/** The error as a person should read it on one line: the place, then the remedy. */
export function describeError(error: unknown): string {
  if (error instanceof RaingaugeError) {
    return error.remedy === undefined ? error.message : `${error.message} (${error.remedy})`
  }
  return messageOf(error)
}

/** What whoever threw it says, without a remedy. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** True for an error of the house with one of these codes. */
export function hasCode(error: unknown, ...codes: ErrorCode[]): error is RaingaugeError {
  return error instanceof RaingaugeError && codes.includes(error.code)
}

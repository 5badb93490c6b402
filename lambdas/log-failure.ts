import { describeError, RaingaugeError } from '../lib/error.ts'
import type { FunctionLog } from './function-log.ts'

/** Logs what kept a run from being done, and returns what to throw: whoever runs it prints that, cause and all, and this has neither cause nor secret. */
export function logFailure(error: unknown, log: FunctionLog): RaingaugeError {
  log.write('ERROR', describeError(error), error instanceof Error ? { stack: error.stack } : {})
  return new RaingaugeError(
    error instanceof RaingaugeError ? error.code : 'run.failed',
    log.redact(describeError(error)),
  )
}

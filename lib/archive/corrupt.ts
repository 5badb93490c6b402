import { RaingaugeError } from '../error.ts'

/** The error for an archive, or a part of one, that is not what it was when it was written. `what` names the place. */
export function corrupt(what: string, cause?: unknown): RaingaugeError {
  return new RaingaugeError('archive.corrupt', what, {
    remedy: 'use another archive, and look for what damaged this one',
    cause,
  })
}

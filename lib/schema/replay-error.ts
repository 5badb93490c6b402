// What a replay that failed says, and what it tells of the migrations.
import pg from 'pg'
import { hasCode, RaingaugeError } from '../error.ts'
import type { Migration } from '../ledger/folder.ts'
import { extensionRemedy } from '../scratch/choose-road.ts'
import type { ReplayOptions } from './replay-baseline.ts'
import type { ReplayFailure } from './run-migration.ts'
import { failsForRows } from './without-data.ts'

/** Not there, says the server, of something in a schema that only a platform makes. */
const OF_A_PLATFORM = /^(?:schema|relation|function) "?(?:auth|storage|realtime|vault|neon_auth)\b.* does not exist$/

/** What stopped the replay, where in the migrations, and what to do about it. */
export function replayError(
  migration: Migration,
  statements: number,
  failure: ReplayFailure,
  { missing = [], platform = null }: Pick<ReplayOptions, 'missing' | 'platform'>,
): RaingaugeError {
  const place = `statement ${failure.statement} of ${statements}`
  const words = `migration ${migration.tag}, ${place}, fails on scratch: ${failure.cause.message}`
  return new RaingaugeError('scratch.replay', words, {
    remedy: remedyFor(failure.cause, missing, platform),
    cause: failure.cause,
  })
}

function remedyFor(cause: pg.DatabaseError, missing: readonly string[], platform: ReplayOptions['platform']): string {
  const { message, code = '' } = cause
  if (missing.length > 0 || (NO_EXTENSION.includes(code) && /extension/.test(message))) return extensionRemedy(missing)
  if (code.startsWith('P0')) {
    return 'it stops by itself: what it asks for (rows, roles, settings) is not there after the migrations before it; see to that in one of them'
  }
  if (failsForRows(cause)) {
    return 'it leans on rows that no migration puts in, or on some not being there that one puts in: see to them in a migration'
  }
  if (platform === null && OF_A_PLATFORM.test(message)) {
    return 'the migrations lean on what Supabase or Neon has in every database: say which of them it is in schema.platform'
  }
  return 'the migrations do not build a database from nothing: put what they lean on, and somebody made by hand, into a migration'
}

/** The server may not have an extension of the live one. */
export function extensionError(name: string, cause: pg.DatabaseError): RaingaugeError {
  const message = `the scratch server cannot have the extension ${name}, which the live one has: ${cause.message}`
  return new RaingaugeError('scratch.replay', message, { remedy: extensionRemedy([name]), cause })
}

/** feature_not_supported, undefined_file (manual, appendix A): what the server says of an extension that it lacks. */
const NO_EXTENSION = ['0A000', '58P01']

/** True where something is missing on scratch that an extension may bring. */
export function lacksSomething(error: unknown): boolean {
  if (!hasCode(error, 'scratch.replay') || !(error.cause instanceof pg.DatabaseError)) return false
  // undefined_object, undefined_function, undefined_table, invalid_schema_name (manual, appendix A).
  return ['42704', '42883', '42P01', '3F000'].includes(error.cause.code ?? '')
}

/** True for a value that was added to an enum and used before the transaction ended: only where the enum is of the same one, it may be. */
export function leansOnTransaction(error: unknown): boolean {
  return hasCode(error, 'scratch.replay') && error.cause instanceof pg.DatabaseError && error.cause.code === '55P04'
}

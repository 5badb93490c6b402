// What went wrong with an entry, in the words of the server, and what a person can do about it.
import pg from 'pg'
import { RaingaugeError } from '../../error.ts'
import { describeEntry, type TocEntry } from '../format/toc-entry.ts'

/** Names the entry, unless the connection itself was lost. */
export function restoreError(entry: TocEntry, error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) return error
  const code = error.code ?? ''
  // Class 57 is "Operator Intervention", class 08 "Connection Exception".
  if (/^(?:57|08)/.test(code)) return error
  const place = error.where === undefined ? '' : ` (${error.where})`
  return new RaingaugeError('archive.restore', `restoring ${describeEntry(entry)}: ${error.message}${place}`, {
    remedy: remedyFor(entry, code, error.message),
    cause: error,
  })
}

/** True for "there is one already", of whatever kind. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof pg.DatabaseError && ['42P06', '42P07', '42710', '42723', '42701'].includes(error.code ?? '')
}

function remedyFor(entry: TocEntry, code: string, message: string): string {
  if (/^role .* does not exist/.test(message)) {
    return 'make the role first, or restore with --no-owner, which leaves owners and rights out'
  }
  if (entry.desc === 'EXTENSION') {
    return 'restore into a server that has the extension installed, with a role that may create it'
  }
  return REMEDIES[code] ?? 'restore into an empty database of a server that is not older than the one it came from'
}

/** By SQLSTATE (manual, appendix A). */
const REMEDIES: Record<string, string> = {
  '42704': 'create the object that the message names first',
  '0A000': 'restore into a server that has what the message names, such as the extension',
  '58P01': 'restore into a server that has what the message names, such as the extension',
  '42501': 'restore as a role that may do what the message names',
  '42P06': 'restore into an empty database',
  '42P07': 'restore into an empty database',
  '42710': 'restore into an empty database',
  '42723': 'restore into an empty database',
  '53100': 'the disk of the server is full: make room there, and restore into a new database',
}

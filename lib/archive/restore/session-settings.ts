// The settings of a session that restores: _doSetFixedOutputState in PostgreSQL's src/bin/pg_dump/pg_backup_archiver.c.
import { RaingaugeError } from '../../error.ts'
import type { TocEntry } from '../format/toc-entry.ts'

/** `transaction_timeout` came with PostgreSQL 17. */
const HAS_TRANSACTION_TIMEOUT = 170_000

/** The statements to begin with, on a server of that `server_version_num`. Throws `archive.restore` for an encoding other than UTF-8. */
export function sessionSettings(entries: readonly TocEntry[], serverVersion: number): string[] {
  const special = (desc: string) => entries.find((entry) => entry.desc === desc)?.defn ?? ''
  const encoding = /'([^']*)'/.exec(special('ENCODING'))?.[1]
  if (encoding !== 'UTF8') {
    throw new RaingaugeError(
      'archive.restore',
      `the archive is in the encoding ${encoding ?? 'that it does not name'}`,
      {
        remedy: 'only UTF8 is restored here: use pg_restore',
      },
    )
  }
  const standardStrings = !special('STDSTRINGS').includes("'off'")
  return [
    'SET statement_timeout = 0',
    'SET lock_timeout = 0',
    'SET idle_in_transaction_session_timeout = 0',
    ...(serverVersion >= HAS_TRANSACTION_TIMEOUT ? ['SET transaction_timeout = 0'] : []),
    "SET client_encoding = 'UTF8'",
    `SET standard_conforming_strings = ${standardStrings ? 'on' : 'off'}`,
    ...(standardStrings ? [] : ['SET escape_string_warning = off']),
    special('SEARCHPATH') || "SELECT pg_catalog.set_config('search_path', '', false)",
    'SET check_function_bodies = false',
    'SET xmloption = content',
    'SET client_min_messages = warning',
    'SET row_security = off',
    // Until the end, when all of it is waited for at once.
    'SET synchronous_commit = off',
  ]
}

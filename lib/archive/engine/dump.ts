// What an engine takes and gives: the same for pg_dump as WebAssembly and for a native one.
import type { RowPieces } from '../format/copy-text.ts'
import type { Target } from '../../postgres/target.ts'

export type DumpRequest = {
  target: Target
  /** Of `pg_export_snapshot()`, whose transaction must stay open until the dump ended. */
  snapshot?: string | undefined
  signal?: AbortSignal | undefined
  /** Until the server is ready for the first query: TCP, TLS and authentication together; milliseconds. */
  connectTimeoutMs?: number
  /** How long pg_dump waits for its table locks before it gives up with `postgres.locked`; milliseconds. */
  lockWaitTimeoutMs?: number
  /** How long the server may owe an answer without sending a byte; milliseconds. A slow consumer does not count. */
  stallTimeoutMs?: number
  /** Each piece of the output is only lent, until the next is asked for: its memory is used again, or given back. */
  lend?: boolean
  /** Definitions without rows. */
  schemaOnly?: boolean
}

export type Dump = {
  engine: 'wasm' | 'native'
  /** Such as `18.3`. */
  engineVersion: string
  /**
   * The archive in custom format, front to back; to be read once. It ends normally only if pg_dump exited with 0 and everything
   * it wrote was delivered. In every other case it throws: `dump.failed`, `dump.version`, `dump.stalled`, `postgres.*`,
   * `config.invalid` for a pooled URL, or the reason of the signal. Nothing runs before the first read, and leaving the
   * loop early ends pg_dump and its session on the server.
   */
  output: AsyncIterable<Uint8Array>
  /** Each row of a table is a piece of its own in the archive: the engine made them so. */
  rowPieces?: RowPieces
}

export const CONNECT_TIMEOUT_MS = 10_000
const LOCK_WAIT_TIMEOUT_MS = 60_000
export const STALL_TIMEOUT_MS = 300_000

/** The arguments of pg_dump that every engine shares: manual, reference page pg_dump. Compression is done outside. */
export function dumpArguments(request: DumpRequest): string[] {
  return [
    '--format=custom',
    '--compress=0',
    // Whatever the database is encoded in: archives of one encoding restore anywhere.
    '--encoding=UTF8',
    '--no-password',
    '--no-sync',
    `--lock-wait-timeout=${request.lockWaitTimeoutMs ?? LOCK_WAIT_TIMEOUT_MS}`,
    ...(request.snapshot === undefined ? [] : [`--snapshot=${request.snapshot}`]),
    ...(request.schemaOnly === true ? ['--schema-only'] : []),
  ]
}

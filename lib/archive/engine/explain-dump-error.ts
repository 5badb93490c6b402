// Why a dump failed, out of what pg_dump said, what the server said last, and how the connection ended.
import pg from 'pg'
import { RaingaugeError, type ErrorCode } from '../../error.ts'
import { classifyPostgresError } from '../../postgres/classify-error.ts'
import { describeTarget, type Target } from '../../postgres/target.ts'
import { withoutPlaceholder } from './conninfo.ts'
import type { ServerError } from './server-error.ts'

export type DumpFailure = {
  /** What pg_dump wrote to stderr, line by line; the last of it where it was long. */
  said: readonly string[]
  /** null: it was cut short. */
  status: number | null
  serverError?: ServerError | undefined
  socketError?: Error | undefined
}

export const DUMPING = 'dumping'

/** SQLSTATEs of what the server says in English, for when only pg_dump's words are there. */
const SQLSTATE_OF_WORDS: [RegExp, string][] = [
  [/permission denied for|row-level security policy/, '42501'],
  [/password authentication failed|no password supplied/, '28P01'],
  [/no pg_hba\.conf entry/, '28000'],
  [/database ".*" does not exist/, '3D000'],
  [/canceling statement due to statement timeout/, '57014'],
  [/canceling statement due to conflict with recovery/, '40001'],
  [/terminating connection due to/, '57P01'],
]

const BROKEN_LINE = 'the connection was cut or garbled: look at the network and the log of the server'

/** What pg_dump and libpq say by themselves. */
const BY_WORDS: [RegExp, ErrorCode, string][] = [
  [
    /aborting because of server version mismatch/,
    'dump.version',
    'this pg_dump reads servers up to its own major: update Raingauge, or configure a native pg_dump of that major',
  ],
  [
    /expected authentication request from server, but received/,
    'postgres.unreachable',
    'what answers there is not Postgres: check the host and the port',
  ],
  [/server closed the connection unexpectedly|could not receive data from server/, 'postgres.lost', BROKEN_LINE],
  [
    /lost synchronization with server|message contents do not agree|authentication method \d+ not supported|malformed SCRAM message|invalid authentication request|unexpected response from server/,
    'postgres.lost',
    BROKEN_LINE,
  ],
  [
    /out of memory/,
    'dump.failed',
    'give the process more memory: the packaged pg_dump needs about 200 MB whatever the database holds, a native one three times its largest row besides',
  ],
]

/** Pure. Never holds the password: neither pg_dump nor the server repeats it. */
export function explainDumpError(failure: DumpFailure, target: Target): RaingaugeError {
  const said = failure.said.map(withoutPlaceholder).join('\n')
  const own = BY_WORDS.find(([pattern]) => pattern.test(said))
  if (own?.[1] === 'dump.version') return ours(own, said, target)
  const sqlstate = failure.serverError?.sqlstate ?? SQLSTATE_OF_WORDS.find(([pattern]) => pattern.test(said))?.[1]
  if (sqlstate !== undefined) {
    return explainServerError({ sqlstate, message: failure.serverError?.message ?? essence(said) }, said, target)
  }
  if (failure.socketError !== undefined) return explainSocketError(failure.socketError, target)
  const words = essence(said)
  if (/user may lack SELECT privilege on the sequence/.test(words)) return denied(words, said, target)
  if (own !== undefined) return ours(own, said, target)
  const end = failure.status === null ? 'it was cut short' : `it exited with ${failure.status}`
  return new RaingaugeError('dump.failed', `${DUMPING} at ${describeTarget(target)}: pg_dump: ${words || end}`)
}

function ours([, code, remedy]: [RegExp, ErrorCode, string], said: string, target: Target): RaingaugeError {
  return new RaingaugeError(code, `${DUMPING} at ${describeTarget(target)}: pg_dump: ${essence(said)}`, { remedy })
}

/** A connection that broke after it had been made, whatever the words: TLS records that do not decode are a broken line, too. */
function explainSocketError(error: Error, target: Target): RaingaugeError {
  return new RaingaugeError('postgres.lost', `${DUMPING} at ${describeTarget(target)}: ${error.message}`, {
    remedy: BROKEN_LINE,
    cause: error,
  })
}

function explainServerError({ sqlstate, message }: ServerError, said: string, target: Target): RaingaugeError {
  if (sqlstate === '42501') return denied(message, said, target)
  const place = `${DUMPING} at ${describeTarget(target)}: ${message}`
  // --lock-wait-timeout works as a statement timeout around LOCK TABLE.
  if (sqlstate === '57014' && /Query was: LOCK TABLE/.test(said)) {
    return new RaingaugeError(
      'postgres.locked',
      `${DUMPING} at ${describeTarget(target)}: a table stayed locked: ${message}`,
      {
        remedy: 'a deploy or a long transaction holds a lock: try again when it ended',
      },
    )
  }
  if (sqlstate === '40001') {
    return new RaingaugeError('dump.failed', place, {
      remedy: 'the replica had to replay what the dump still read: dump the primary, or set hot_standby_feedback',
    })
  }
  const error = classifyPostgresError(Object.assign(new Error(message), { code: sqlstate }), target, DUMPING)
  return error.code === 'postgres.query' ? new RaingaugeError('dump.failed', place, { cause: error }) : error
}

function denied(message: string, said: string, target: Target): RaingaugeError {
  const user = pg.escapeIdentifier(target.user)
  return new RaingaugeError('postgres.permission', `${DUMPING} at ${describeTarget(target)}: ${message}`, {
    remedy: /row-level security/.test(message)
      ? `a dump must see every row: ALTER ROLE ${user} BYPASSRLS`
      : `${grant(message, said, user)}, or GRANT pg_read_all_data TO ${user} for everything`,
  })
}

function grant(message: string, said: string, user: string): string {
  const [, kind = 'table', name = ''] =
    /permission denied for (table|view|materialized view|foreign table|sequence|schema|large object) "?([^\n"]+?)"?$/m.exec(
      message,
    ) ??
    /get data for (sequence) "([^"]+)"/.exec(message) ??
    []
  if (kind === 'schema') return `GRANT USAGE ON SCHEMA ${pg.escapeIdentifier(name)} TO ${user}`
  if (kind === 'large object') return `GRANT SELECT ON LARGE OBJECT ${name} TO ${user}`
  if (kind === 'sequence') return `GRANT SELECT ON SEQUENCE ${qualified(name, said)} TO ${user}`
  return `GRANT SELECT ON ${name === '' ? 'ALL TABLES IN SCHEMA …' : qualified(name, said)} TO ${user}`
}

/** The name with its schema, as it stands in the query that failed, where it stands there. */
function qualified(name: string, said: string): string {
  const quoted = pg.escapeIdentifier(name)
  const names = /Query was: (.*)/.exec(said)?.[1]?.match(/(?:"(?:[^"]|"")+"|[\w$]+)\.(?:"(?:[^"]|"")+"|[\w$]+)/g) ?? []
  return names.find((each) => each.endsWith(`.${name}`) || each.endsWith(`.${quoted}`)) ?? quoted
}

/** The lines of the error itself: without pg_dump's prefixes and warnings, libpq's indented comfort, and the query. */
function essence(said: string): string {
  const lines = said.split('\n')
  const start = lines.findIndex((line) => line.startsWith('pg_dump: error: '))
  const own = start < 0 ? lines.slice(-3) : lines.slice(start)
  const query = own.findIndex((line) => line.startsWith('pg_dump: detail: Query was'))
  return (query < 0 ? own : own.slice(0, query))
    .filter((line) => !/^(?:pg_dump: (?:warning|hint)|\t)/.test(line))
    .map((line) => line.replace(/^pg_dump: (?:error|detail): /, ''))
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .replace(/^query failed: /, '')
    .slice(0, 500)
    .trim()
}

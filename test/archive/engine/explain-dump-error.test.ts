import { expect, test } from 'vitest'
import { describeError } from '../../../lib/error.ts'
import { explainDumpError } from '../../../lib/archive/engine/explain-dump-error.ts'
import { refusePooled } from '../../../lib/archive/engine/refuse-pooled.ts'
import { lastServerError } from '../../../lib/archive/engine/server-error.ts'
import { moduleConninfo } from '../../../lib/archive/engine/conninfo.ts'
import { stallWatch } from '../../../lib/archive/engine/stall-watch.ts'
import { parseTarget } from '../../../lib/postgres/target.ts'

const target = parseTarget('postgres://app:hunter22@db.example.com/shop')
const explain = (said: string[], more: object = {}) => explainDumpError({ said, status: 1, ...more }, target)

function refused(url: string): string | null {
  try {
    refusePooled(parseTarget(url))
    return null
  } catch (error) {
    return (error as { remedy: string }).remedy
  }
}

test.each([
  ['permission denied for table orders', 'GRANT SELECT ON shop.orders TO "app"'],
  ['permission denied for schema private', 'GRANT USAGE ON SCHEMA "private" TO "app"'],
  ['permission denied for sequence ids', 'GRANT SELECT ON SEQUENCE "ids" TO "app"'],
  ['permission denied for large object 16401', 'GRANT SELECT ON LARGE OBJECT 16401 TO "app"'],
  ['query would be affected by row-level security policy for table "t"', 'ALTER ROLE "app" BYPASSRLS'],
])('%s', (words, remedy) => {
  const error = explain([
    `pg_dump: error: query failed: ERROR:  ${words}`,
    'pg_dump: detail: Query was: LOCK TABLE shop.customers, shop.orders IN ACCESS SHARE MODE',
  ])
  expect(error).toMatchObject({ code: 'postgres.permission', remedy: expect.stringContaining(remedy) })
  expect(error.message).not.toContain('LOCK TABLE')
})

test.each([
  [
    'server version: 19.1; pg_dump version: 18.3',
    'dump.version',
    ['pg_dump: error: aborting because of server version mismatch'],
  ],
  ['password authentication failed', 'postgres.authentication', []],
  ['database "nowhere" does not exist', 'postgres.not-found', []],
  ['canceling statement due to conflict with recovery', 'dump.failed', []],
  ['server closed the connection unexpectedly', 'postgres.lost', []],
  ['terminating connection due to administrator command', 'postgres.lost', []],
  ['could not frobnicate', 'dump.failed', []],
] as const)('%s → %s', (words, code, before) => {
  const error = explain([...before, `pg_dump: error: connection to server at "127.0.0.1", port 5432 failed: ${words}`])
  expect(error).toMatchObject({ code, message: expect.stringContaining(words) })
  // The address that libpq is told is not that of the server.
  expect(error.message).not.toContain('127.0.0.1')
  expect(error.message).toContain('app@db.example.com:5432/shop')
  expect(describeError(error)).not.toContain('hunter22')
})

test('a server that speaks another language is understood by its SQLSTATE', () => {
  const fields = ['SFEHLER', 'VERROR', 'C42501', 'Mkeine Berechtigung für Tabelle t', 'Faclchk.c', '', ''].join('\0')
  const sent = Buffer.from(`${'x'.repeat(50)}E....${fields}Z...`)
  expect(lastServerError(sent)).toEqual({ sqlstate: '42501', message: 'keine Berechtigung für Tabelle t' })
  expect(explain(['pg_dump: error: …'], { serverError: lastServerError(sent) })).toMatchObject({
    code: 'postgres.permission',
    message: expect.stringContaining('keine Berechtigung'),
  })
})

test('notices are no errors of the server', () => {
  expect(lastServerError(Buffer.from('N....SNOTICE\0VNOTICE\0C00000\0Mhello\0\0'))).toBeUndefined()
})

test('values of the connection string are quoted as libpq wants them', () => {
  expect(moduleConninfo({ ...target, database: String.raw`it's a \ name` })).toContain(
    String.raw`dbname='it\'s a \\ name'`,
  )
})

test('which addresses are poolers', () => {
  expect(refused('postgres://u:hunter22@ep-a-1-pooler.c-2.us-east-2.aws.neon.tech/db')).toBe(
    'use the direct address, ep-a-1.c-2.us-east-2.aws.neon.tech:5432',
  )
  expect(refused('postgres://u@db.abcdef.supabase.co:6543/db')).toContain('db.abcdef.supabase.co:5432')
  expect(refused('postgres://u@ep-a-1.us-east-2.aws.neon.tech/db')).toBeNull()
  expect(refused('postgres://u@localhost:6543/db')).toBeNull()
  expect(refused('postgres://u@carpooler.example.com/db')).toBeNull()
})

test('a stall is one long wait for the server without a byte', () => {
  const stalled = stallWatch(1_000)
  expect(stalled({ waits: 1, received: 10, held: false }, 0)).toBe(false)
  expect(stalled({ waits: 1, received: 10, held: false }, 999)).toBe(false)
  // Bytes came, though no whole TLS record yet.
  expect(stalled({ waits: 1, received: 11, held: false }, 1_000)).toBe(false)
  // pg_dump was busy with the consumer, for however long.
  expect(stalled({ waits: 2, received: 11, held: false }, 50_000)).toBe(false)
  expect(stalled({ waits: 3, received: 11, held: false }, 60_000)).toBe(false)
  expect(stalled({ waits: 3, received: 11, held: false }, 60_999)).toBe(false)
  expect(stalled({ waits: 3, received: 11, held: false }, 61_000)).toBe(true)
  // Rows wait for the consumer, and pg_dump for the end of the rows.
  expect(stalled({ waits: 3, received: 11, held: true }, 61_001)).toBe(false)
  expect(stalled({ waits: 3, received: 11, held: false }, 61_002)).toBe(false)
})

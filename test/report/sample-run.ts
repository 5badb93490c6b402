// A run with one of everything, and names that would like to do harm.
import { finding, unknown, verdict } from '../../lib/finding.ts'
import type { Run } from '../../lib/run.ts'

export const NOW = new Date('2026-11-22T09:00:00Z')

/** Clears the screen, sets the title, rings, turns the text around, hides a character, and breaks the line. */
export const HOSTILE_NAME = 'evil\u001b[2J\u001b]0;owned\u0007\u202e\u200b\u0085\n<!channel>`&'

export const indexMissing = finding('production', 'schema.missing', {
  subject: { class: 'index', name: 'public.users_email_idx' },
  summary: 'index public.users_email_idx is missing from the database',
  expected: 'CREATE UNIQUE INDEX users_email_idx ON public.users USING btree (email)',
  repair: {
    database: 'CREATE UNIQUE INDEX CONCURRENTLY users_email_idx\n  ON public.users USING btree (email);',
    adopt: 'DROP INDEX public.users_email_idx;',
    hazards: ['fails while the column holds duplicates; cannot run in a transaction'],
  },
})

export const defaultChanged = finding('production', 'schema.changed', {
  subject: { class: 'column', name: 'public.orders.status' },
  summary: 'column public.orders.status has another default than the migrations gave it',
  expected: "'new'::text",
  actual: "'draft'::text",
  repair: { database: "ALTER TABLE public.orders ALTER COLUMN status SET DEFAULT 'new'::text;", hazards: [] },
})

export const behind = finding('production', 'ledger.behind', {
  subject: { class: 'migration', name: '0005_invoice' },
  summary: 'production is 1 migration behind staging: 0005_invoice',
  expected: '0005_invoice',
  actual: '0004_orders',
})

export const pending = finding('staging', 'ledger.pending', {
  subject: { class: 'migration', name: '0006_draft' },
  summary: '0006_draft is committed and not applied to staging yet',
})

export const hostile = finding('production', 'schema.unexpected', {
  subject: { class: 'table', name: HOSTILE_NAME },
  summary: `table ${HOSTILE_NAME} is in the database and in no migration`,
  actual: `CREATE TABLE "${HOSTILE_NAME}" ()`,
})

export const CANNOT =
  'reading the catalog at app@db.internal:5432/app: permission denied for schema billing (grant the role what the message names)'

export const sampleRun: Run = {
  raingauge: '0.1.0',
  job: 'run',
  project: 'app',
  startedAt: '2026-11-22T08:59:47.700Z',
  durationMs: 12_300,
  verdicts: [
    verdict('folder', null, 900, []),
    verdict('ledger', 'staging', 40, [pending]),
    unknown('schema', 'staging', 2100, CANNOT),
    verdict('archive', 'staging', 900, []),
    verdict('ledger', 'production', 40, [behind]),
    verdict('schema', 'production', 3200, [hostile, defaultChanged, indexMissing]),
    verdict('archive', 'production', 900, []),
  ],
  archives: [
    {
      id: '20261122T021700Z-ab12cd34',
      environment: 'production',
      startedAt: '2026-11-22T02:17:00.000Z',
      rawBytes: 1_234_567_890,
      storedBytes: 240_000_000,
      sha256: 'ab'.repeat(32),
      trust: 'restored',
      provenAt: '2026-11-22T03:02:00.000Z',
      timeToRestoreMs: 83_000,
      engine: 'wasm',
      serverVersion: '17.10',
      tables: [
        { name: 'public.users', rows: 12_000 },
        { name: 'public.orders', rows: 1_222_567 },
      ],
      location: '/srv/app/.raingauge/archives/app/production/20261122T021700Z-ab12cd34/archive.dump.zst',
    },
    {
      id: '20261122T021500Z-00ff00ff',
      environment: 'staging',
      startedAt: '2026-11-22T02:15:00.000Z',
      rawBytes: 45_000,
      storedBytes: 9100,
      sha256: 'cd'.repeat(32),
      trust: 'uploaded',
      engine: 'wasm',
      serverVersion: '17.10',
      tables: [{ name: 'public.users', rows: 1 }],
      location: 's3://archives/app/staging/20261122T021500Z-00ff00ff/archive.dump.zst',
    },
  ],
  ledgers: [
    { environment: 'staging', applied: 6, newest: { tag: '0005_invoice', hash: '5f'.repeat(32) } },
    { environment: 'production', applied: 5, newest: { tag: '0004_orders', hash: '4f'.repeat(32) } },
  ],
  problems: [],
}

export const SINCE: ReadonlyMap<string, Date> = new Map([
  [indexMissing.id, new Date('2026-11-20T05:10:00Z')],
  [hostile.id, NOW],
  ['staging/unknown/schema', new Date('2026-11-22T06:00:00Z')],
])

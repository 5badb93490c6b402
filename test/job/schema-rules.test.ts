import { expect, test } from 'vitest'
import { runCheck } from '../../lib/job/check.ts'
import type { JobContext } from '../../lib/job/context.ts'
import { applyMigrations } from '../../lib/ledger/apply-migrations.ts'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import type { Verdict } from '../../lib/finding.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { terminalReport } from '../../lib/report/terminal.ts'
import { ANY_MAJOR, execute, testDatabase, testRole } from '../support/database.ts'
import { jobContext } from '../support/job-context.ts'
import { migrationsFolder } from '../support/migrations-folder.ts'
import { testScratch } from '../schema/support.ts'

const MIGRATIONS = [
  {
    tag: '0000_tables',
    sql: 'CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL); CREATE TABLE orders (id int); CREATE TABLE items (id int);',
  },
]

async function migrated(): Promise<{ folder: string; target: Target }> {
  const folder = await migrationsFolder(MIGRATIONS)
  const target = await testDatabase()
  await applyMigrations(target, await readFolder(folder))
  return { folder, target }
}

async function schemaVerdict(
  context: JobContext,
): Promise<{ verdict: Verdict; report: (showIgnored: boolean) => string }> {
  const run = await runCheck(context)
  const verdict = run.verdicts.find(({ check }) => check === 'schema')
  if (verdict === undefined) throw new Error('no schema verdict')
  const report = (showIgnored: boolean): string =>
    terminalReport(run, { since: new Map(), now: context.now(), color: false, showIgnored })
  return { verdict, report }
}

test(
  'what rules leave out is counted, kept with its reason, and shown when asked for',
  { timeout: 60_000 },
  async () => {
    const { folder, target } = await migrated()
    await execute(target, 'CREATE INDEX by_hand ON users (email); CREATE INDEX other ON orders (id)')
    const rule = { class: 'index', name: 'public.by_hand', reason: 'the DBA tries it', expires: '2026-12-01' }
    const context = jobContext(
      folder,
      { production: target },
      { scratch: testScratch(), schemaRules: { ignore: [rule], severity: [] } },
    )
    const { verdict, report } = await schemaVerdict(context)
    expect(verdict.status).toBe('findings')
    expect(verdict.findings.map(({ subject }) => subject.name)).toEqual(['public.other'])
    expect(verdict.ignored).toMatchObject([
      { reason: 'the DBA tries it', expires: '2026-12-01', finding: { subject: { name: 'public.by_hand' } } },
    ])
    expect(report(false)).toContain('1 finding, 1 ignored')
    expect(report(false)).not.toContain('by_hand')
    expect(report(true)).toMatch(/ignored {3}index public\.by_hand: .*\n +because: the DBA tries it, until 2026-12-01/)

    // Nothing moved in the database, but the rule ended: the last full read does not stand for that.
    const later = await schemaVerdict({ ...context, now: () => new Date('2026-12-02T00:00:00Z') })
    expect(later.verdict.findings.map(({ kind }) => kind).toSorted()).toEqual([
      'schema.rule-expired',
      'schema.unexpected',
      'schema.unexpected',
    ])
    expect(later.verdict.ignored).toBeUndefined()
  },
)

test(
  'a database whose ledger is there and whose tables are not is unknown, never "everything was dropped"',
  { timeout: 60_000 },
  async () => {
    const { folder, target } = await migrated()
    await execute(target, 'DROP TABLE users, orders, items')
    const { verdict } = await schemaVerdict(jobContext(folder, { production: target }, { scratch: testScratch() }))
    expect(verdict).toMatchObject({ status: 'unknown', findings: [] })
    expect(verdict.reason).toMatch(/none of the 3 tables.*check the database name.*raingauge restore/)
  },
)

test('one of three tables is left: two are missing, and told', { timeout: 60_000 }, async () => {
  const { folder, target } = await migrated()
  await execute(target, 'DROP TABLE users, orders')
  const { verdict } = await schemaVerdict(jobContext(folder, { production: target }, { scratch: testScratch() }))
  expect(verdict.findings.map(({ kind }) => kind)).toEqual(['schema.missing', 'schema.missing'])
})

test.each([
  [
    'may not connect',
    (database: string) => `REVOKE CONNECT ON DATABASE ${database} FROM PUBLIC`,
    /permission denied for database.*grant/,
  ],
  [
    'may not read a catalog',
    () => 'REVOKE SELECT ON pg_catalog.pg_policy FROM PUBLIC',
    /permission denied for table pg_policy.*grant/,
  ],
])('a role that %s makes it unknown, with what to grant', { timeout: 60_000 }, async (_, revoke, words) => {
  const { folder, target } = await migrated()
  const role = await testRole(target, ANY_MAJOR)
  await execute(target, `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role.user}; ${revoke(target.database)}`)
  const { verdict } = await schemaVerdict(jobContext(folder, { production: role }, { scratch: testScratch() }))
  expect(verdict).toMatchObject({ status: 'unknown', findings: [] })
  expect(verdict.reason).toMatch(words)
})

test('findings of one table are told under it', { timeout: 60_000 }, async () => {
  const { folder, target } = await migrated()
  await execute(
    target,
    'CREATE INDEX i ON users (email); ALTER TABLE users ADD extra int, ALTER email DROP NOT NULL; CREATE VIEW v AS SELECT 1 AS a',
  )
  const { report } = await schemaVerdict(jobContext(folder, { production: target }, { scratch: testScratch() }))
  const lines = report(false)
    .split('\n')
    .map((line) => line.trimEnd())
  const at = lines.indexOf('      table public.users: 3 findings')
  expect(at).toBeGreaterThan(0)
  expect(lines[at + 1]).toMatch(/^ {8}CRITICAL {2}column public\.users\.email: nullable/)
  expect(lines.filter((line) => /^ {8}(?:CRITICAL|warning)/.test(line))).toHaveLength(3)
  expect(lines.filter((line) => /^ {6}(?:CRITICAL|warning)/.test(line))).toMatchObject(
    [/view public\.v/].map((words) => expect.stringMatching(words)),
  )
})

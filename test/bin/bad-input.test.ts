import { createServer, type AddressInfo } from 'node:net'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { applyMigrations } from '../../lib/ledger/apply-migrations.ts'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import type { Target } from '../../lib/postgres/target.ts'
import type { Run } from '../../lib/run.ts'
import { raingauge, raingaugeJson } from '../support/command-line.ts'
import { ANY_MAJOR, execute, targetUrl, testDatabase, testRole } from '../support/database.ts'
import { TEST_PASSWORD } from '../support/global-setup.ts'
import { journalPath, migrationsFolder } from '../support/migrations-folder.ts'
import { testFolder } from '../support/directory.ts'

const MIGRATIONS = [
  { tag: '0000_users', sql: 'CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL);' },
  { tag: '0001_index', sql: 'CREATE UNIQUE INDEX users_email_idx ON users (email);' },
]

async function migrated(folder: string): Promise<Target> {
  const target = await testDatabase()
  await applyMigrations(target, await readFolder(folder))
  return target
}

const withEnvs = (folder: string, environments: Record<string, string>) => [
  '--migrations',
  folder,
  ...Object.entries(environments).flatMap(([name, url]) => ['--env', `${name}=${url}`]),
]

const verdictOf = (run: Run, check: string, environment: string | null) => {
  const verdict = run.verdicts.find((each) => each.check === check && each.environment === environment)
  if (verdict === undefined) throw new Error(`no ${check} verdict of ${environment}`)
  return verdict
}

async function silentUrl(): Promise<string> {
  const server = createServer(() => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `postgres://u:hunter22@127.0.0.1:${(server.address() as AddressInfo).port}/app`
}

test(
  'what is wrong with one environment is said of that one, in one clear line; the others are still judged',
  { timeout: 120_000 },
  async () => {
    const folder = await migrationsFolder(MIGRATIONS)
    const good = await migrated(folder)
    const unreadable = await testRole(good, ANY_MAJOR)
    const noLedger = await testDatabase()
    const otherColumns = await testDatabase(
      ANY_MAJOR,
      'CREATE TABLE public._drizzle_migrations (id serial, checksum text)',
    )
    const stray = await migrated(folder)
    await execute(
      stray,
      `INSERT INTO public._drizzle_migrations (hash, created_at) VALUES ('${'ab'.repeat(32)}', 1800000000000)`,
    )
    const { status, run, stdout, stderr } = await raingaugeJson([
      'check',
      ...withEnvs(folder, {
        good: targetUrl(good),
        'wrong-password': targetUrl(good).replace(/:[^:@]*@/, ':hunter22@'),
        'no-host': 'postgres://u:hunter22@no-such-host.invalid/app',
        'no-database': `${targetUrl(good)}_nowhere`,
        silent: await silentUrl(),
        'no-ledger': targetUrl(noLedger),
        unreadable: targetUrl(unreadable),
        'other-columns': targetUrl(otherColumns),
        stray: targetUrl(stray),
      }),
    ])
    expect(verdictOf(run, 'ledger', 'good').status).toBe('clean')
    expect(verdictOf(run, 'schema', 'good').status).toBe('clean')
    const reasons: Record<string, RegExp> = {
      'wrong-password': /password authentication failed.*check the user and the password/,
      'no-host': /does not resolve/,
      'no-database': /does not exist.*check the database name/,
      silent: /does not answer/,
      'no-ledger': /_drizzle_migrations.*__drizzle_migrations/,
      unreadable: /GRANT/,
      'other-columns': /hash/,
    }
    for (const [environment, words] of Object.entries(reasons)) {
      for (const check of ['ledger', 'schema']) {
        const verdict = verdictOf(run, check, environment)
        expect([environment, check, verdict.status]).toEqual([environment, check, 'unknown'])
        expect(verdict.reason).toMatch(words)
        expect(verdict.reason).not.toContain('\n')
        expect(verdict.reason).not.toContain('unexpected')
      }
    }
    expect(verdictOf(run, 'ledger', 'stray').findings.map(({ kind }) => kind)).toContain('ledger.unknown')
    expect(verdictOf(run, 'schema', 'stray')).toMatchObject({
      status: 'unknown',
      reason: expect.stringContaining('not in the folder'),
    })
    expect(status).toBe(2)
    for (const secret of [
      'hunter22',
      TEST_PASSWORD,
      encodeURIComponent(TEST_PASSWORD),
      unreadable.password?.reveal() ?? '?',
    ]) {
      expect(stdout + stderr).not.toContain(secret)
    }
  },
)

test.each([
  ['is not there', (folder: string) => rmSync(folder, { recursive: true }), /no .*folder|not there|no such/i],
  [
    'has a journal that is not JSON',
    (folder: string) => writeFileSync(journalPath(folder), '{ "entries": [ oops'),
    /_journal\.json.*JSON/,
  ],
  ['has an empty journal', (folder: string) => writeFileSync(journalPath(folder), ''), /_journal\.json/],
  ['has no journal', (folder: string) => rmSync(journalPath(folder)), /_journal\.json/],
])('a folder that %s is unknown for everything that needs it', async (_, spoil, words) => {
  const folder = await migrationsFolder(MIGRATIONS)
  const target = await migrated(folder)
  spoil(folder)
  const { status, run } = await raingaugeJson(['check', ...withEnvs(folder, { production: targetUrl(target) })])
  for (const [check, environment] of [
    ['folder', null],
    ['ledger', 'production'],
    ['schema', 'production'],
  ] as const) {
    const verdict = verdictOf(run, check, environment)
    expect(verdict.status).toBe('unknown')
    expect(verdict.reason).toMatch(words)
    expect(verdict.reason).not.toContain('unexpected')
  }
  expect(status).toBe(2)
})

test('a journal that names a missing file is a finding of the folder, and what cannot be proven is unknown', async () => {
  const folder = await migrationsFolder(MIGRATIONS)
  const target = await migrated(folder)
  rmSync(join(folder, '0001_index.sql'))
  const { run } = await raingaugeJson(['check', ...withEnvs(folder, { production: targetUrl(target) })])
  expect(verdictOf(run, 'folder', null).findings.map(({ kind }) => kind)).toContain('folder.missing-file')
  expect(verdictOf(run, 'schema', 'production').status).toBe('unknown')
})

test('a migration that fails on scratch makes the schema unknown, with tag and statement; the ledger is still judged', async () => {
  const folder = await migrationsFolder([
    ...MIGRATIONS,
    { tag: '0002_by_hand', sql: 'ALTER TABLE made_by_hand ADD COLUMN x int;' },
  ])
  const target = await testDatabase(ANY_MAJOR, 'CREATE TABLE public.made_by_hand ()')
  await applyMigrations(target, await readFolder(folder))
  const { status, run } = await raingaugeJson(['check', ...withEnvs(folder, { production: targetUrl(target) })])
  expect(verdictOf(run, 'schema', 'production')).toMatchObject({
    status: 'unknown',
    reason: expect.stringMatching(/0002_by_hand, statement 1 of 1.*made_by_hand/),
  })
  expect(verdictOf(run, 'ledger', 'production').status).toBe('clean')
  expect(status).toBe(2)
})

test('a store that cannot be written: one clear line, no archive, and the report all the same', async () => {
  const folder = await migrationsFolder(MIGRATIONS)
  const target = await migrated(folder)
  const file = join(testFolder(), 'file')
  writeFileSync(file, '')
  const words = [
    'backup',
    'production',
    ...withEnvs(folder, { production: targetUrl(target) }),
    '--store',
    join(file, 'store'),
  ]
  const { status, stdout, stderr } = await raingauge(words)
  expect(stdout).toMatch(/archive +could not be done\n +CRITICAL +reading the store at[^→]*ENOTDIR/)
  expect(stdout.match(/no archive of this run/g)).toHaveLength(1)
  expect(stdout + stderr).not.toContain('unexpected')
  expect(status).toBe(2)
})

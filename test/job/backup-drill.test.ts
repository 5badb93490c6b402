import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { listArchives } from '../../lib/archive/list-archives.ts'
import { runBackup } from '../../lib/job/backup.ts'
import { runDrill } from '../../lib/job/drill.ts'
import { runAll } from '../../lib/job/run-all.ts'
import { applyMigrations } from '../../lib/ledger/apply-migrations.ts'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { ANY_MAJOR, execute, OLDEST_AND_NEWEST, serverTarget, testDatabase, testRole } from '../support/database.ts'
import { jobContext, withScratchContext } from '../support/job-context.ts'
import { migrationsFolder } from '../support/migrations-folder.ts'

const MIGRATIONS = [
  { tag: '0000_users', sql: 'CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL);' },
  { tag: '0001_index', sql: 'CREATE UNIQUE INDEX users_email_idx ON users (email);' },
]
const ROWS = `INSERT INTO public.users SELECT n, 'user' || n || '@example.com' FROM generate_series(1, 5000) n`

async function watched(major: number = ANY_MAJOR): Promise<{ folder: string; target: Target }> {
  const folder = await migrationsFolder(MIGRATIONS)
  const target = await testDatabase(major)
  await applyMigrations(target, await readFolder(folder))
  await execute(target, ROWS)
  return { folder, target }
}

/** Every file of the store but state and locks: what a failed backup must not leave. */
function archiveFiles(context: ReturnType<typeof jobContext>): string[] {
  const root = context.store.locate('archives')
  if (!existsSync(root)) return []
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\./.test(name))
}

test.each(OLDEST_AND_NEWEST)('major %i: an archive is made, read back, restored and found equal', async (major) => {
  const { folder, target } = await watched(major)
  const context = jobContext(folder, { production: target })
  const backup = await runBackup(context)
  expect(backup.verdicts).toMatchObject([{ check: 'archive', environment: 'production', status: 'clean' }])
  expect(backup.archives).toMatchObject([{ trust: 'verified', engine: 'wasm' }])
  const drill = await withScratchContext(context, runDrill)
  expect(drill.verdicts).toMatchObject([{ status: 'clean', findings: [] }])
  expect(drill.archives).toMatchObject([
    {
      trust: 'restored',
      provenAt: '2026-11-22T09:00:00.000Z',
      timeToRestoreMs: expect.any(Number),
      tables: expect.arrayContaining([
        { name: 'public.users', rows: 5000 },
        { name: 'public._drizzle_migrations', rows: 2 },
      ]),
    },
  ])
  const [record] = await listArchives(context.store, 'app', 'production')
  expect(record).toMatchObject({
    manifest: { ledger: { count: 2, newest: { tag: '0001_index' } } },
    restoration: { rows: 5002 },
  })
})

test('a database without a ledger is backed up all the same', async () => {
  const target = await testDatabase(ANY_MAJOR, 'CREATE TABLE public.t AS SELECT 1 AS n')
  const context = jobContext('/nowhere', { production: target })
  expect((await runBackup(context)).verdicts).toMatchObject([{ status: 'clean' }])
  expect((await withScratchContext(context, runDrill)).verdicts).toMatchObject([{ status: 'clean' }])
})

test('a database that is dropped in the middle leaves no archive and one clear finding; the others are backed up', async () => {
  const { folder, target } = await watched()
  await execute(
    target,
    `CREATE TABLE public.big AS SELECT n, repeat(md5(n::text), 30) AS filler FROM generate_series(1, 60000) n`,
  )
  const other = await watched()
  let dropped: Promise<unknown> | undefined
  const context = jobContext(
    folder,
    { production: target, other: other.target },
    {
      progress(line) {
        if (/^production: backing up, [\d.]+ MB/.test(line)) {
          dropped ??= execute(serverTarget(ANY_MAJOR), `DROP DATABASE ${target.database} WITH (FORCE)`)
        }
      },
    },
  )
  const run = await runBackup(context)
  await dropped
  const [production, rest] = run.verdicts
  expect(production).toMatchObject({ status: 'unknown', findings: [{ kind: 'archive.failed', severity: 'critical' }] })
  expect(production?.reason).not.toContain('unexpected')
  expect(rest).toMatchObject({ environment: 'other', status: 'clean' })
  expect(await listArchives(context.store, 'app', 'production')).toEqual([])
  expect(
    archiveFiles(context).filter((name) => name.includes('/production/') || name.startsWith('app/production/')),
  ).toEqual([])
})

test('a role that may not read a table: no archive, and the GRANT that mends it', async () => {
  const { folder, target } = await watched()
  const watcher = await testRole(target, ANY_MAJOR)
  await execute(target, `GRANT SELECT ON public._drizzle_migrations TO ${watcher.user}`)
  const context = jobContext(folder, { production: watcher })
  const { verdicts } = await runBackup(context)
  expect(verdicts).toMatchObject([{ status: 'unknown', reason: expect.stringContaining('GRANT') }])
  expect(archiveFiles(context)).toEqual([])
})

test('an archive that was spoiled in the store is found by the drill', async () => {
  const { folder, target } = await watched()
  const context = jobContext(folder, { production: target })
  const { archives } = await runBackup(context)
  const path = archives[0]?.location ?? ''
  const bytes = readFileSync(path)
  bytes[bytes.length >> 1]! ^= 1
  writeFileSync(path, bytes)
  const { verdicts } = await withScratchContext(context, runDrill)
  expect(verdicts).toMatchObject([
    { status: 'findings', findings: [{ kind: 'archive.unverified', severity: 'critical' }] },
  ])
})

test('a store that gives back other bytes than it took: the backup says so at once', async () => {
  const { folder, target } = await watched()
  const context = jobContext(folder, { production: target })
  const store = {
    ...context.store,
    async *read(key: string) {
      for await (const chunk of context.store.read(key)) yield chunk.map((byte) => byte ^ 1)
    },
  }
  const { verdicts } = await runBackup({ ...context, store })
  expect(verdicts).toMatchObject([{ status: 'findings', findings: [{ kind: 'archive.unverified' }] }])
})

test('no archive at all is a finding, not a clean drill', async () => {
  const { folder, target } = await watched()
  const { verdicts } = await runDrill(jobContext(folder, { production: target }))
  expect(verdicts).toMatchObject([{ status: 'findings', findings: [{ kind: 'archive.stale' }] }])
})

test('a scratch server that cannot be had makes the drill unknown, and the archive stays verified', async () => {
  const { folder, target } = await watched()
  const context = jobContext(folder, { production: target })
  await runBackup(context)
  const { verdicts } = await runDrill(context)
  expect(verdicts).toMatchObject([{ status: 'unknown', reason: expect.stringContaining('no scratch server') }])
  expect(await listArchives(context.store, 'app', 'production')).toMatchObject([{ trust: 'verified' }])
})

test('the whole run has one verdict a check, and what it could not do does not hide what it found', async () => {
  const { folder, target } = await watched()
  await execute(target, 'CREATE INDEX by_hand ON public.users (email DESC)')
  const gone = { ...target, port: 1 }
  const context = jobContext(folder, { staging: gone, production: target })
  const run = await withScratchContext(context, runAll)
  const table = run.verdicts.map(({ check, environment, status }) => `${environment} ${check} ${status}`)
  expect(table.toSorted()).toEqual([
    'null folder clean',
    'production archive clean',
    'production ledger unknown',
    'production schema findings',
    'staging archive unknown',
    'staging ledger unknown',
    'staging schema unknown',
  ])
  expect(run.archives).toMatchObject([{ environment: 'production', trust: 'restored' }])
})

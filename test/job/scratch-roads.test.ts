// Extensions that no packaged server has: the check and the drill take another road, or say which there are.
import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCheck } from '../../lib/job/check.ts'
import { runBackup } from '../../lib/job/backup.ts'
import { runDrill } from '../../lib/job/drill.ts'
import { applyMigrations } from '../../lib/ledger/apply-migrations.ts'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import { startEmbeddedServer } from '../../lib/scratch/embedded-server.ts'
import type { NamedServer } from '../../lib/scratch/named-road.ts'
import { startPGliteServer } from '../../lib/scratch/pglite-server.ts'
import { withScratch } from '../../lib/scratch/scratch.ts'
import { findServerBinaries } from '../../lib/scratch/server-binaries.ts'
import { ANY_MAJOR, execute, OLDEST_AND_NEWEST, testDatabase } from '../support/database.ts'
import { testFolder } from '../support/directory.ts'
import { jobContext, withScratchContext } from '../support/job-context.ts'
import { migrationsFolder } from '../support/migrations-folder.ts'

const MIGRATIONS = [
  { tag: '0000_vector', sql: 'CREATE EXTENSION IF NOT EXISTS vector;' },
  {
    tag: '0001_documents',
    sql: `CREATE TABLE documents (id serial PRIMARY KEY, owner text, embedding vector(3));--> statement-breakpoint
CREATE INDEX documents_near ON documents USING hnsw (embedding vector_cosine_ops);--> statement-breakpoint
ALTER TABLE documents ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY own ON documents USING (owner = current_user);`,
  },
]

/** Two PGlites start, one after the other. */
const PATIENCE_MS = 180_000

test(
  'pgvector: a clean database is clean, a drift is one finding',
  async () => {
    const folder = await migrationsFolder(MIGRATIONS)
    const live = await startPGliteServer(['vector'])
    try {
      await applyMigrations(live.target, await readFolder(folder))
      const lines: string[] = []
      const context = jobContext(folder, { production: live.target }, { progress: (line) => lines.push(line) })
      const check = async () => {
        const run = await withScratch((scratch) => runCheck({ ...context, scratch }), { progress: context.progress })
        return run.verdicts.find((verdict) => verdict.check === 'schema')
      }
      expect(await check()).toMatchObject({ status: 'clean' })
      expect(lines).toContainEqual(expect.stringContaining('PGlite (Postgres 18)'))
      await execute(live.target, 'DROP INDEX documents_near')
      const drifted = await check()
      expect(drifted?.findings.map(({ kind, subject }) => [kind, subject.name])).toEqual([
        ['schema.missing', 'public.documents_near'],
      ])
      expect(drifted?.findings[0]?.repair?.database).toContain('USING hnsw (embedding')
      // The baseline that PGlite made was kept: it is not started again for the same migrations.
      expect(lines.filter((line) => line.includes('PGlite'))).toHaveLength(1)
    } finally {
      await live.stop()
    }
  },
  PATIENCE_MS,
)

test('a drill of what the packaged server lacks: unknown, and done where the configuration names a server that has it', async () => {
  const target = await testDatabase(ANY_MAJOR, [
    'CREATE EXTENSION hstore',
    'CREATE TABLE t AS SELECT hstore(n::text, NULL) AS h FROM generate_series(1, 9) n',
  ])
  const context = jobContext('/nowhere', { production: target })
  expect((await runBackup(context)).verdicts).toMatchObject([{ status: 'clean' }])
  const folders = { [ANY_MAJOR]: packageWithout('hstore') }
  const drill = async (named?: () => Promise<NamedServer>) =>
    await withScratch((scratch) => runDrill({ ...context, scratch }), { folders, named })
  const { verdicts } = await drill()
  expect(verdicts).toMatchObject([{ status: 'unknown', findings: [] }])
  expect(verdicts[0]?.reason).toMatch(/no scratch Postgres has the extension hstore .*scratch\.url/)
  const server = await startEmbeddedServer(findServerBinaries(OLDEST_AND_NEWEST[1]))
  try {
    const restored = await drill(() => Promise.resolve({ target: server.target('postgres'), watched: [target] }))
    expect(restored).toMatchObject({ verdicts: [{ status: 'clean' }], archives: [{ trust: 'restored' }] })
  } finally {
    await server.stop()
  }
})

/** The server programs as a package that lacks the extension would bring them. */
function packageWithout(extension: string): string {
  const { folder } = findServerBinaries(ANY_MAJOR)
  const copy = testFolder()
  // A server looks for its share beside where its program really is (path.c, make_relative_path): that is no link.
  cpSync(join(folder, 'bin'), join(copy, 'bin'), { recursive: true })
  symlinkSync(join(folder, 'lib'), join(copy, 'lib'))
  const [from, to] = [folder, copy].map((each) => join(each, 'share', 'postgresql')) as [string, string]
  linkAll(from, to, 'extension')
  linkAll(join(from, 'extension'), join(to, 'extension'), `${extension}.control`)
  return copy
}

function linkAll(from: string, to: string, but: string): void {
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from)) if (name !== but) symlinkSync(join(from, name), join(to, name))
}

test('an extension that nobody has: unknown, with its name and the roads to it', async () => {
  const folder = await migrationsFolder([{ tag: '0000_test', sql: 'CREATE TABLE t ();' }])
  const target = await testDatabase(ANY_MAJOR)
  await applyMigrations(target, await readFolder(folder))
  const later = await migrationsFolder([
    { tag: '0000_test', sql: 'CREATE EXTENSION nobody_has_it; CREATE TABLE t ();' },
  ])
  const { migrations } = await readFolder(later)
  await execute(target, `UPDATE _drizzle_migrations SET hash = '${migrations[0]?.hash}'`)
  const run = await withScratchContext(jobContext(later, { production: target }), runCheck)
  const schema = run.verdicts.find((verdict) => verdict.check === 'schema')
  expect(schema).toMatchObject({ status: 'unknown', findings: [] })
  for (const word of ['nobody_has_it', 'PGlite', 'scratch.url']) expect(schema?.reason).toContain(word)
})

test('a guarded extension that nobody has keeps nobody from checking', async () => {
  const guarded = `DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'nobody_has_it') THEN CREATE EXTENSION nobody_has_it; END IF;
  END $$; CREATE TABLE t ();`
  const folder = await migrationsFolder([{ tag: '0000_test', sql: guarded }])
  const target = await testDatabase(ANY_MAJOR)
  await applyMigrations(target, await readFolder(folder))
  const context = jobContext(folder, { production: target })
  const run = await withScratchContext(context, runCheck)
  expect(run.verdicts.find((verdict) => verdict.check === 'schema')).toMatchObject({ status: 'clean' })
})

test.each([
  [
    'makes',
    '',
    `IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'sslinfo') THEN CREATE EXTENSION sslinfo;`,
  ],
  ['finds', 'CREATE EXTENSION sslinfo', `IF EXISTS (SELECT FROM pg_extension WHERE extname = 'sslinfo') THEN`],
])('an extension that a migration %s where only the watched server has it: unknown', async (_, before, guard) => {
  const guarded = `-- CREATE EXTENSION sslinfo
    DO $$ BEGIN ${guard} CREATE VIEW v AS SELECT ssl_is_used(); END IF; END $$; CREATE TABLE t ();`
  const folder = await migrationsFolder([{ tag: '0000_test', sql: guarded }])
  const target = await testDatabase(ANY_MAJOR, before)
  await applyMigrations(target, await readFolder(folder))
  const context = jobContext(folder, { production: target })
  const { verdicts } = await withScratch((scratch) => runCheck({ ...context, scratch }), {
    folders: { [ANY_MAJOR]: packageWithout('sslinfo') },
  })
  expect(verdicts.find((verdict) => verdict.check === 'schema')).toMatchObject({
    status: 'unknown',
    reason: expect.stringMatching(/no scratch Postgres has sslinfo, .*scratch\.url/),
    findings: [],
  })
})

import { expect, test } from 'vitest'
import { compareSides, type Filter, type Side } from '../../lib/job/compare.ts'
import { terminalReport } from '../../lib/report/terminal.ts'
import { testDatabase } from '../support/database.ts'
import { migrationsFolder } from '../support/migrations-folder.ts'
import { testScratch } from '../schema/support.ts'

const NOW = new Date('2026-11-22T09:00:00Z')

async function told(
  a: Side,
  b: Side,
  filter: Filter = {},
): Promise<{ report: string; names: string[]; ignored: string[] }> {
  const tools = { version: 'test', scratch: testScratch(), now: () => NOW, signal: undefined, progress: () => {} }
  const run = await compareSides(a, b, tools, filter)
  const [verdict] = run.verdicts
  return {
    report: terminalReport(run, { since: new Map(), now: NOW, color: false, width: 200, showIgnored: true }),
    names: (verdict?.findings ?? []).map(({ subject }) => subject.name),
    ignored: (verdict?.ignored ?? []).map(({ reason }) => reason),
  }
}

async function database(statements: string, major?: number): Promise<Side> {
  return { kind: 'database', target: await testDatabase(major, statements) }
}

const A =
  'CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL); CREATE INDEX by_email ON users (email); CREATE VIEW v AS SELECT 1 AS one'
const B = 'CREATE TABLE users (id int PRIMARY KEY, email text); CREATE TABLE extra (id int)'

test('two databases are A and B, and nobody speaks of migrations', { timeout: 60_000 }, async () => {
  const { report, names } = await told(await database(A, 18), await database(B, 15))
  expect(names).toEqual(['public.extra', 'public.users.email', 'public.by_email', 'public.v'])
  expect(report).toContain('table public.extra: in B (with 1 column), but not in A')
  expect(report).toContain('column public.users.email: nullable in B, NOT NULL in A')
  expect(report).toContain('view public.v: missing from B, though A has it')
  expect(report).not.toMatch(/in the migrations|the migrations make/)
})

test('a folder is the migrations', { timeout: 60_000 }, async () => {
  const folder: Side = { kind: 'folder', path: await migrationsFolder([{ tag: '0000_a', sql: A }]) }
  const { report } = await told(folder, await database(B))
  expect(report).toContain('nullable in B, NOT NULL in the migrations')
  expect(report).toContain('view public.v: missing from B, though the migrations make it')
})

test(
  'a folder is replayed as for a check: with an extension that somebody made by hand, and deployed at once',
  { timeout: 60_000 },
  async () => {
    const path = 'CREATE SCHEMA app; SET LOCAL search_path = app, public;'
    const index = 'CREATE TABLE t (a text); CREATE INDEX i ON t USING gin (a gin_trgm_ops);'
    const migrations = [path, index].map((sql, place) => ({ tag: `000${place}_a`, sql }))
    const folder: Side = { kind: 'folder', path: await migrationsFolder(migrations) }
    const live = await database(`CREATE EXTENSION pg_trgm; ${path} ${index} ALTER TABLE t ADD b int`)
    expect((await told(folder, live)).names).toEqual(['app.t.b'])
  },
)

test('--ignore and --only narrow it, and what is left out is counted', { timeout: 60_000 }, async () => {
  const [a, b] = [await database(A), await database(B)]
  const ignored = await told(a, b, { ignore: ['index:*', 'public.extra'] })
  expect(ignored.names).toEqual(['public.users.email', 'public.v'])
  expect(ignored.ignored).toEqual(['--ignore public.extra', '--ignore index:*'])
  expect(ignored.report).toContain('2 findings, 2 ignored')
  expect((await told(a, b, { only: ['public.users'] })).names).toEqual(['public.users.email', 'public.by_email'])
  const nothing = await told(a, b, { only: ['nothing'] })
  expect([nothing.names, nothing.ignored]).toEqual([[], Array(4).fill('not asked for')])
})

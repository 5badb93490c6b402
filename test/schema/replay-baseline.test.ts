import { describe, expect, test } from 'vitest'
import { replayMigrations, type ReplayOptions } from '../../lib/schema/replay-baseline.ts'
import { extensionsMade } from '../../lib/schema/extensions-to-make.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { ANY_MAJOR, execute, testDatabase, testRole } from '../support/database.ts'
import { catalogOf, migrationsOf } from './support.ts'

const BREAK = '--> statement-breakpoint\n'

async function replayed(texts: string[], options: Partial<ReplayOptions> = {}): Promise<Target> {
  const target = await testDatabase()
  await replayMigrations(target, await migrationsOf(...texts), { roles: [], ...options })
  return target
}

async function names(target: Target): Promise<string[]> {
  return (await catalogOf(target)).objects
    .filter(({ path }) => path.length > 1)
    .map(({ class: kind, name }) => `${kind} ${name}`)
}

describe('what refuses a transaction is replayed without one', () => {
  test.each([
    ['an index made concurrently', [`CREATE TABLE t (a int);`, `CREATE INDEX CONCURRENTLY i ON t (a);`]],
    [
      'two in one chunk',
      [`CREATE TABLE t (a int);`, `CREATE TABLE u (); CREATE INDEX CONCURRENTLY i ON t (a); DROP TABLE u;`],
    ],
    [
      'after a COMMIT of its own',
      [`CREATE TABLE t (a int);`, `COMMIT;${BREAK}CREATE INDEX CONCURRENTLY i ON t (a);${BREAK}BEGIN;`],
    ],
  ])('%s', async (_, texts) => {
    expect(await names(await replayed(texts))).toEqual(['table public.t', 'column public.t.a', 'index public.i'])
  })

  test('an enum value that is used where it is added', async () => {
    const target = await replayed([
      `CREATE TYPE e AS ENUM ('a');`,
      `ALTER TYPE e ADD VALUE 'b';${BREAK}CREATE TABLE t (a e DEFAULT 'b');`,
    ])
    expect(await names(target)).toContain('column public.t.a')
  })
})

test('each migration is a deploy of its own: an emptied search_path does not reach the next', async () => {
  const target = await replayed([
    `SELECT pg_catalog.set_config('search_path', '', false); CREATE TABLE public.t ();`,
    `CREATE TABLE u ();`,
  ])
  expect(await names(target)).toEqual(['table public.t', 'table public.u'])
})

test('a search_path that a migration sets is there for those that lean on it', async () => {
  const target = await replayed([`CREATE SCHEMA app; SET search_path = app;`, `CREATE TABLE t ();`])
  expect(await names(target)).toEqual(['table app.t'])
})

test('the split is that of Drizzle: a semicolon may be missing before a breakpoint', async () => {
  expect(await names(await replayed([`CREATE TABLE t ()${BREAK}CREATE TABLE u ();${BREAK}`]))).toHaveLength(2)
})

describe('roles', () => {
  test('of the live server are there, and cannot log in', async () => {
    const { user } = await testRole(await testDatabase(), ANY_MAJOR)
    const target = await replayed([`CREATE TABLE t (); CREATE POLICY p ON t TO "${user}" USING (true);`], {
      roles: [user],
    })
    expect((await catalogOf(target)).objects.find(({ class: kind }) => kind === 'policy')?.attributes.roles).toEqual([
      user,
    ])
  })

  test('that migrations make may be there from another replay', async () => {
    const { user } = await testRole(await testDatabase(), ANY_MAJOR)
    const sql = `CREATE ROLE "${user}" WITH NOLOGIN; CREATE TABLE t (); GRANT SELECT ON t TO ${user};`
    expect(await names(await replayed([sql]))).toEqual(['table public.t'])
  })

  test('that a function makes, and that are there: the text of the function stays', async () => {
    const { user } = await testRole(await testDatabase(), ANY_MAJOR)
    const body = `BEGIN CREATE ROLE "${user}"; END`
    const target = await replayed([`CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$${body}$$;`])
    expect(await execute(target, `SELECT prosrc FROM pg_proc WHERE proname = 'f'`)).toEqual([{ prosrc: body }])
  })

  test('that are new are made without a login', async () => {
    const role = `new "role ${Date.now()}`
    const target = await replayed([`CREATE TABLE t ();`], { roles: [role] })
    const quoted = `"${role.replaceAll('"', '""')}"`
    const rows = await execute(target, `SELECT rolcanlogin FROM pg_roles WHERE rolname = '${role}'`)
    await execute(target, `DROP ROLE ${quoted}`)
    expect(rows).toEqual([{ rolcanlogin: false }])
  })
})

test('migrations that name their database mean the one they run in', async () => {
  const target = await replayed([
    `-- The default of every session.\nALTER DATABASE "live one" SET work_mem = '5MB';${BREAK}` +
      `GRANT CONNECT, TEMPORARY ON DATABASE live TO PUBLIC; ALTER DATABASE postgres SET timezone TO 'America/Havana';`,
    `DO $$ BEGIN EXECUTE 'ALTER DATABASE live SET statement_timeout = 5000'; END $$;`,
    `CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT '; ALTER DATABASE live' $$;`,
    `CREATE TABLE t (); COMMENT ON TABLE t IS 'ON DATABASE live';`,
  ])
  const { objects } = await catalogOf(target)
  const factsOf = (name: string) => objects.find((each) => each.name === name)?.attributes
  expect(factsOf('itself')?.settings).toEqual(['TimeZone=America/Havana', 'statement_timeout=5000', 'work_mem=5MB'])
  expect(JSON.stringify(factsOf('public.f()'))).toContain('; ALTER DATABASE live')
  expect(factsOf('public.t')?.comment).toBe('ON DATABASE live')
})

test('migrations may touch the ledger that Drizzle makes before them', async () => {
  const ledger = { schema: 'meta', table: 'Ledger' }
  expect(await names(await replayed([`ALTER TABLE drizzle.__drizzle_migrations ADD COLUMN note text;`]))).toEqual([])
  const target = await replayed([`CREATE TABLE t (); TABLE meta."Ledger";`], { ledger })
  expect((await catalogOf(target, ledger)).objects.map(({ name }) => name)).not.toContain('meta')
})

test('a migration that fails is named with its statement and the words of the server', async () => {
  const error = await replayed([
    `CREATE TABLE t ();`,
    `CREATE TABLE u ();${BREAK}ALTER TABLE nowhere ADD COLUMN a int;${BREAK}SELECT 1;`,
  ]).catch((caught: unknown) => caught)
  expect(error).toMatchObject({
    code: 'scratch.replay',
    message: 'migration 0001_test, statement 2 of 3, fails on scratch: relation "nowhere" does not exist',
    remedy: expect.stringContaining('by hand'),
  })
})

test('what only a platform has is named as such', async () => {
  await expect(replayed([`CREATE TABLE t (id uuid REFERENCES auth.users);`])).rejects.toMatchObject({
    remedy: expect.stringContaining('schema.platform'),
  })
})

test('an extension that the scratch server lacks is named', async () => {
  await expect(replayed([`CREATE EXTENSION vector;`])).rejects.toMatchObject({
    code: 'scratch.replay',
    message: expect.stringContaining('vector'),
    remedy: expect.stringContaining('extension'),
  })
  const extensions = [{ name: 'vector', schema: 'public' }]
  await expect(replayed(['SELECT 1;'], { extensions })).rejects.toMatchObject({
    message: expect.stringContaining('vector'),
  })
})

test('a scratch server that goes away is no failure of the migration', async () => {
  const gone = replayed([`SELECT pg_terminate_backend(pg_backend_pid());`])
  await expect(gone).rejects.toMatchObject({ code: expect.stringMatching(/^postgres\./) })
})

test('the extensions that migrations make are seen', () => {
  const sql = `CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA x; create extension Pg_Trgm; -- CREATE TABLE extension`
  expect([...extensionsMade(sql)]).toEqual(['uuid-ossp', 'pg_trgm'])
})

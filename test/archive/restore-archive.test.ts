import { expect, test } from 'vitest'
import { streamedSource } from '../../lib/archive/archive-source.ts'
import { wasmDump } from '../../lib/archive/engine/wasm-dump.ts'
import { restoreArchive } from '../../lib/archive/restore-archive.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { ANY_MAJOR, execute, serverTarget, testDatabase, testRole } from '../support/database.ts'
import { inChunks } from './archive-fixture.ts'
import { encodeArchive, SAMPLE, tableData, type EncodedEntry } from './encode-archive.ts'

const HEAD = SAMPLE.slice(0, 3)
const archive = (...more: EncodedEntry[]) => streamed(encodeArchive([...HEAD, ...more]))
const streamed = (bytes: Buffer) => streamedSource(inChunks(bytes, 100))
const statement = (desc: string, tag: string, defn: string): EncodedEntry => ({
  dumpId: 50,
  desc,
  tag,
  namespace: 'public',
  section: 4,
  defn,
})

async function tables(target: Target): Promise<string[]> {
  const rows = await execute<{ name: string }>(
    target,
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
  )
  return rows.map(({ name }) => name)
}

test('rows, statements and progress are told', async () => {
  const target = await testDatabase()
  const told: number[] = []
  const bytes = encodeArchive([...HEAD, tableData(4, 'users', ['a\n', '\\N\n'])])
  const restored = await restoreArchive(streamed(bytes), target, { progress: ({ bytes: n }) => told.push(n) })
  expect(restored).toMatchObject({ tables: [{ name: 'public.users', rows: 2 }], statements: 1, skipped: [] })
  expect(told.at(-1)).toBe(bytes.length)
  expect(await execute(target, 'SELECT name FROM public.users ORDER BY 1')).toEqual([{ name: 'a' }, { name: null }])
})

test.each([
  [
    'a statement',
    statement('INDEX', 'users_nope', 'CREATE INDEX users_nope ON public.users (nope);'),
    'INDEX public.users_nope: column "nope" does not exist',
  ],
  ['rows', tableData(4, 'users', ['a\tb\n']), 'TABLE DATA public.users: extra data after last expected column'],
  [
    'a table that is not there',
    tableData(4, 'gone', ['a\n']),
    'TABLE DATA public.gone: relation "public.gone" does not exist',
  ],
  [
    'an extension',
    statement('EXTENSION', 'nope', 'CREATE EXTENSION nope;'),
    'EXTENSION public.nope: extension "nope" is not available',
  ],
])('%s that the server refuses is named, in the words of the server', async (_, entry, words) => {
  const target = await testDatabase()
  await expect(restoreArchive(archive(entry), target)).rejects.toMatchObject({
    code: 'archive.restore',
    message: expect.stringContaining(`restoring ${words}`),
    remedy: expect.any(String),
  })
  // What was made before it stays, without half a table's rows.
  expect(await execute(target, 'SELECT count(*)::int AS rows FROM public.users')).toEqual([{ rows: 0 }])
})

test('a restore that cannot be waited for until it is on disk is not said to be done', async () => {
  const target = await testDatabase(ANY_MAJOR, [
    'REVOKE EXECUTE ON FUNCTION pg_logical_emit_message(bool, text, text, bool) FROM PUBLIC',
    'GRANT CREATE ON SCHEMA public TO PUBLIC',
  ])
  const role = await testRole(target, ANY_MAJOR)
  await expect(restoreArchive(archive(), role, { owners: false })).rejects.toThrow(/pg_logical_emit_message/)
})

test('an archive that breaks off within a table leaves none of its rows', async () => {
  const target = await testDatabase()
  const whole = encodeArchive([
    ...HEAD,
    tableData(
      4,
      'users',
      Array.from({ length: 500 }, (_, i) => `${i}\n`),
    ),
  ])
  const cut = restoreArchive(streamed(whole.subarray(0, -40)), target)
  await expect(cut).rejects.toMatchObject({ code: 'archive.corrupt', message: expect.stringContaining('breaks off') })
  expect(await execute(target, 'SELECT count(*)::int AS rows FROM public.users')).toEqual([{ rows: 0 }])
})

test('rows kept as INSERT statements are refused in plain words', async () => {
  const inserts = { ...tableData(4, 'users', ['INSERT INTO public.users VALUES (1);\n']), copyStmt: '' }
  await expect(restoreArchive(archive(inserts), await testDatabase())).rejects.toMatchObject({
    code: 'archive.restore',
    message: expect.stringContaining('TABLE DATA public.users is not kept as COPY text'),
  })
})

test('a database that holds something is refused, unless told', async () => {
  for (const there of ['CREATE TABLE public.mine ()', 'CREATE SCHEMA s CREATE VIEW v AS SELECT 1']) {
    const target = await testDatabase(ANY_MAJOR, there)
    const before = await tables(target)
    await expect(restoreArchive(archive(), target)).rejects.toMatchObject({
      code: 'archive.restore',
      message: expect.stringMatching(/is not empty: it holds (?:public\.mine|s\.v)$/),
    })
    expect(await tables(target)).toEqual(before)
    await restoreArchive(archive(), target, { intoNonEmpty: true })
    expect(await tables(target)).toContain('users')
  }
})

const facts = (target: Target) =>
  execute(
    target,
    `SELECT relowner::regrole::text AS of_table, relacl::text AS rights, (SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'theirs') AS of_schema,
       (SELECT proowner::regrole::text FROM pg_proc WHERE proname = 'f') AS of_function, (SELECT lomowner::regrole::text || lomacl::text FROM pg_largeobject_metadata) AS of_object
     FROM pg_class WHERE relname = 'mine'`,
  )

test('owners and rights come back when asked for, and only then', async () => {
  const source = await testDatabase(
    ANY_MAJOR,
    'CREATE TABLE public.mine (); CREATE SCHEMA theirs; CREATE FUNCTION public.f(a int) RETURNS int LANGUAGE sql RETURN 1',
  )
  const { user } = await testRole(source, ANY_MAJOR)
  await execute(
    source,
    `ALTER TABLE public.mine OWNER TO ${user}; ALTER SCHEMA theirs OWNER TO ${user}; ALTER FUNCTION public.f(int) OWNER TO ${user};
     SELECT lo_create(55); ALTER LARGE OBJECT 55 OWNER TO ${user}; GRANT SELECT ON LARGE OBJECT 55 TO PUBLIC;
     REVOKE INSERT ON public.mine FROM ${user}; GRANT SELECT ON public.mine TO PUBLIC;`,
  )
  const plain = await testDatabase()
  const owned = await testDatabase()
  await restoreArchive(streamedSource(wasmDump({ target: source }).output), plain)
  await restoreArchive(streamedSource(wasmDump({ target: source }).output), owned, { owners: true })
  expect(await facts(owned)).toEqual(await facts(source))
  expect(await facts(plain)).toEqual([
    { of_table: 'postgres', rights: null, of_schema: 'postgres', of_function: 'postgres', of_object: null },
  ])
  await execute(owned, `DROP OWNED BY ${user} CASCADE; DROP SCHEMA IF EXISTS theirs`)
})

test('the schema public that was made anew, and a comment on an extension that only its owner may make', async () => {
  const source = await testDatabase(
    ANY_MAJOR,
    `DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE public.t (id int); INSERT INTO public.t VALUES (1)`,
  )
  const target = await testDatabase()
  await restoreArchive(streamedSource(wasmDump({ target: source }).output), target)
  expect(await tables(target)).toEqual(['t'])
  const second = await testDatabase()
  const role = await testRole(second, ANY_MAJOR)
  await execute(second, `GRANT CREATE ON SCHEMA public TO ${role.user}`)
  const comment = {
    ...statement('COMMENT', 'EXTENSION plpgsql', `COMMENT ON EXTENSION plpgsql IS 'x';`),
    namespace: '',
  }
  const restored = await restoreArchive(archive(comment), role)
  expect(restored.skipped).toEqual(['COMMENT EXTENSION plpgsql'])
})

test('a session that is terminated within a COPY is a lost connection', async () => {
  const target = await testDatabase()
  const whole = encodeArchive([
    ...HEAD,
    tableData(
      4,
      'users',
      Array.from({ length: 5_000 }, (_, i) => `${i}\n`),
    ),
  ])
  async function* interrupted() {
    yield whole.subarray(0, whole.length - 1_000)
    await execute(
      serverTarget(ANY_MAJOR),
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${target.database}' AND application_name = 'raingauge'`,
    )
    yield* inChunks(whole.subarray(whole.length - 1_000), 10)
  }
  await expect(restoreArchive(streamedSource(interrupted()), target)).rejects.toMatchObject({ code: 'postgres.lost' })
  expect(await execute(target, 'SELECT count(*)::int AS rows FROM public.users')).toEqual([{ rows: 0 }])
})

test('an abort cuts a restore', async () => {
  const target = await testDatabase()
  const abort = new AbortController()
  const slow = statement('INDEX', 'slow', 'SELECT pg_sleep(60);')
  const restored = restoreArchive(archive(slow), target, {
    signal: abort.signal,
    progress: () => setTimeout(() => abort.abort(), 100),
  })
  await expect(restored).rejects.toMatchObject({ name: 'AbortError' })
})

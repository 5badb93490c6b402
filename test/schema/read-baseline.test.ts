import { zstdCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { RaingaugeError } from '../../lib/error.ts'
import { fingerprint } from '../../lib/schema/catalog.ts'
import { withoutPlatform } from '../../lib/schema/presets.ts'
import { baselineHash, readBaseline, type BaselineRequest } from '../../lib/schema/read-baseline.ts'
import { directoryStore } from '../../lib/store/directory-store.ts'
import { baselineKey } from '../../lib/store/keys.ts'
import { ANY_MAJOR, testDatabase } from '../support/database.ts'
import { catalogOf, migrationsOf, testScratch } from './support.ts'
import { testFolder } from '../support/directory.ts'

const request = async (...texts: string[]): Promise<BaselineRequest> => ({
  major: ANY_MAJOR,
  migrations: await migrationsOf(...texts),
  ledger: null,
  roles: ['postgres'],
})

test('a baseline is replayed once, and then read from the store', async () => {
  const deps = { scratch: testScratch(), store: directoryStore(testFolder()) }
  const what = await request('CREATE TABLE t (a int);', 'ALTER TABLE t ADD COLUMN b text;')
  const first = await readBaseline(deps, what)
  expect(first.objects.map(({ name }) => name)).toContain('public.t.b')
  expect(await readBaseline(deps, what)).toEqual({ ...first, objects: expect.arrayContaining(first.objects) })
  expect(deps.scratch.lent).toBe(1)
})

test('two who miss the same baseline at once wait for one replay, and share its failure', async () => {
  const deps = { scratch: testScratch(), store: directoryStore(testFolder()) }
  const what = await request('CREATE TABLE t (a int);')
  const [one, other] = await Promise.all([
    readBaseline(deps, what),
    readBaseline(deps, { ...what, roles: ['postgres'] }),
  ])
  expect(one).toEqual(other)
  expect(deps.scratch.lent).toBe(1)
  const broken = await request('nonsense')
  const both = await Promise.allSettled([readBaseline(deps, broken), readBaseline(deps, broken)])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(deps.scratch.lent).toBe(2)
  await expect(readBaseline(deps, broken)).rejects.toMatchObject({ code: 'scratch.replay' })
})

test('a stored baseline that is damaged is made again and replaced', async () => {
  const deps = { scratch: testScratch(), store: directoryStore(testFolder()) }
  const what = await request('CREATE TABLE t (a int);')
  const baseline = await readBaseline(deps, what)
  const key = baselineKey(baselineHash(what))
  await deps.store.put(key, (await deps.store.get(key))?.body.subarray(0, -3) ?? '')
  expect(await readBaseline(deps, what)).toEqual(baseline)
  await readBaseline(deps, what)
  expect(deps.scratch.lent).toBe(2)
})

test('what is known to be the same is not decoded, and what is not the same is', async () => {
  const deps = { scratch: testScratch(), store: directoryStore(testFolder()) }
  const what = await request('CREATE TABLE t (a int);')
  const baseline = await readBaseline(deps, what)
  const known = { catalog: { ...baseline }, fingerprint: fingerprint(baseline) }
  expect(await readBaseline(deps, what, known)).toBe(known.catalog)
  const other = { catalog: { ...baseline, objects: [] }, fingerprint: fingerprint({ ...baseline, objects: [] }) }
  expect(fingerprint(await readBaseline(deps, what, other))).toBe(known.fingerprint)
  expect(deps.scratch.lent).toBe(1)
})

test('a stored baseline that is whole and no catalog is made again and replaced', async () => {
  const deps = { scratch: testScratch(), store: directoryStore(testFolder()) }
  const what = await request('CREATE TABLE t (a int);')
  await deps.store.put(baselineKey(baselineHash(what)), zstdCompressSync('{"objects":[]}'))
  const baseline = await readBaseline(deps, what)
  expect(fingerprint(await readBaseline(deps, what))).toBe(fingerprint(baseline))
  expect(deps.scratch.lent).toBe(1)
})

test('a store that fails is an error, not a replay', async () => {
  const store = directoryStore(testFolder())
  const broken = new RaingaugeError('store.unavailable', 'no answer')
  const deps = { scratch: testScratch(), store: { ...store, get: () => Promise.reject(broken) } }
  await expect(readBaseline(deps, await request('SELECT 1;'))).rejects.toBe(broken)
  expect(deps.scratch.lent).toBe(0)
})

test('nothing is stored of a replay that fails', async () => {
  const deps = { scratch: testScratch(), store: directoryStore(testFolder()) }
  await expect(readBaseline(deps, await request('nonsense'))).rejects.toMatchObject({ code: 'scratch.replay' })
  expect(await deps.store.list('baselines/')[Symbol.asyncIterator]().next()).toMatchObject({ done: true })
})

test('what only one transaction around everything lets through is replayed in one', async () => {
  const deps = { scratch: testScratch(), store: directoryStore(testFolder()) }
  const texts = [`CREATE TYPE e AS ENUM ('a');`, `ALTER TYPE e ADD VALUE 'b'; CREATE TABLE t (a e DEFAULT 'b');`]
  const { objects } = await readBaseline(deps, await request(...texts))
  expect(objects.map(({ name }) => name)).toContain('public.t.a')
  const broken = await request(...texts, 'SELECT * FROM nowhere;')
  await expect(readBaseline(deps, broken)).rejects.toThrow(/0001_test, .*unsafe use/)
})

test('what a platform brings is lent to migrations that lean on it, and is no part of the baseline', async () => {
  const deps = { scratch: testScratch(), store: directoryStore(testFolder()) }
  const supabase = await request(
    `CREATE TABLE profiles (id uuid PRIMARY KEY REFERENCES auth.users (id) ON DELETE CASCADE, doc text);`,
    `ALTER TABLE profiles ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON profiles USING ((SELECT auth.uid()) = id);
     CREATE POLICY files ON storage.objects FOR SELECT USING ((storage.foldername(name))[1] = auth.uid()::text);
     CREATE POLICY hear ON realtime.messages USING (realtime.topic() = 'a');
     ALTER PUBLICATION supabase_realtime ADD TABLE profiles;`,
    `CREATE FUNCTION greet() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
     CREATE TRIGGER on_user AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION greet();`,
  )
  const baseline = await readBaseline(deps, { ...supabase, platform: 'supabase' })
  const names = withoutPlatform(baseline, 'supabase').objects.map(({ class: kind, name }) => `${kind} ${name}`)
  expect(names.filter((each) => !each.startsWith('column'))).toEqual([
    'schema public',
    'extension plpgsql',
    'table public.profiles',
    'constraint public.profiles.profiles_pkey',
    'constraint public.profiles.profiles_id_fkey',
    'function public.greet()',
    'policy public.profiles.own',
    'database itself',
  ])
  const neon = await request(
    `CREATE TABLE notes (owner text DEFAULT (auth.user_id()) REFERENCES neon_auth.users_sync (id));`,
  )
  const objects = (await readBaseline(deps, { ...neon, platform: 'neon' })).objects.map(({ name }) => name)
  expect(objects).toContain('public.notes.owner')
  expect(objects.filter((each) => each.includes('auth'))).toEqual([])
  await expect(readBaseline(deps, { ...neon, platform: 'none' })).rejects.toMatchObject({ code: 'scratch.replay' })
})

test('a baseline is another for another major, role, migration, order or ledger', async () => {
  const what = await request('SELECT 1;', 'SELECT 2;')
  const others: BaselineRequest[] = [
    { ...what, major: 18 },
    { ...what, roles: ['postgres', 'app'] },
    { ...what, migrations: what.migrations.slice(0, 1) },
    { ...what, migrations: what.migrations.toReversed() },
    { ...what, ledger: { schema: 'public', table: 'ledger' } },
    { ...what, extensions: [{ name: 'hstore', schema: 'public' }] },
    { ...what, deploys: [2] },
    { ...what, withoutData: true },
  ]
  const hashes = [what, ...others].map(baselineHash)
  expect(new Set(hashes).size).toBe(hashes.length)
  expect(baselineHash({ ...what, roles: ['a', 'b'] })).toBe(baselineHash({ ...what, roles: ['b', 'a'] }))
  // Of the order in which a request was put together, and of what it does not say, nothing depends.
  const turned = Object.fromEntries(Object.entries(what).toReversed()) as BaselineRequest
  expect(baselineHash({ ...turned, extensions: undefined })).toBe(hashes[0])
})

test('an extension that somebody made by hand is lent to migrations that lean on it, and only to those', async () => {
  const live = await testDatabase(ANY_MAJOR, 'CREATE EXTENSION pg_trgm')
  const extensions = [{ name: 'pg_trgm', schema: 'public' }]
  const deps = { scratch: testScratch(), store: directoryStore(testFolder()) }
  const leaning = await request('CREATE TABLE t (a text); CREATE INDEX i ON t USING gin (a gin_trgm_ops);')
  await expect(readBaseline(deps, leaning)).rejects.toMatchObject({ code: 'scratch.replay' })
  const baseline = await readBaseline(deps, { ...leaning, extensions })
  const extension = (await catalogOf(live)).objects.find(({ name }) => name === 'pg_trgm')
  expect(baseline.objects).toContainEqual(extension)
  // It was there before the migration that would have made it elsewhere.
  const elsewhere = await request(
    `CREATE SCHEMA ext; CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA ext;`,
    'CREATE TABLE t (a text); CREATE INDEX i ON t USING gin (a gin_trgm_ops);',
  )
  expect((await readBaseline(deps, { ...elsewhere, extensions })).objects).toContainEqual(extension)
  const free = await readBaseline(deps, { ...(await request('CREATE TABLE t (a text);')), extensions })
  expect(free.objects).not.toContainEqual(extension)
})

import { describe, expect, test } from 'vitest'
import { withClient, type Queryable } from '../../lib/postgres/client.ts'
import { fingerprint, objectKey } from '../../lib/schema/catalog.ts'
import { diffCatalogs } from '../../lib/schema/diff-catalogs.ts'
import { extractCatalog } from '../../lib/schema/extract-catalog.ts'
import { readLive } from '../../lib/schema/read-live.ts'
import { withSnapshot } from '../../lib/postgres/client.ts'
import { ANY_MAJOR, execute, MAJORS, OLDEST_AND_NEWEST, testDatabase, testRole } from '../support/database.ts'
import { ONE_OF_EVERYTHING } from './one-of-everything.ts'
import { catalogAfter, catalogOf } from './support.ts'

describe.each(OLDEST_AND_NEWEST)('on Postgres %i', (major) => {
  test('a role that may only connect reads the same catalog as the superuser', async () => {
    const target = await testDatabase(major, ONE_OF_EVERYTHING)
    const stranger = await testRole(target, major)
    expect(await catalogOf(stranger)).toEqual(await catalogOf(target))
  })

  test('the same state by another history is the same', async () => {
    const one = await testDatabase(
      major,
      `CREATE TABLE t (a int PRIMARY KEY, b text NOT NULL DEFAULT 'x', c numeric);
       CREATE INDEX t_c ON t (c); COMMENT ON TABLE t IS 'here';
       CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
       CREATE VIEW v AS SELECT a, c FROM t WHERE b = 'x'`,
    )
    const other = await testDatabase(
      major,
      `CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2';
       CREATE TABLE u (gone int, c numeric); ALTER TABLE u DROP COLUMN gone; CREATE INDEX i ON u (c);
       ALTER TABLE u ADD COLUMN b varchar; ALTER TABLE u ADD COLUMN a int;
       ALTER TABLE u ALTER COLUMN b TYPE text; ALTER TABLE u ALTER COLUMN b SET DEFAULT 'x', ALTER COLUMN b SET NOT NULL;
       ALTER TABLE u RENAME TO t; ALTER INDEX i RENAME TO t_c; ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY (a);
       CREATE VIEW v AS SELECT t.a, t.c FROM t WHERE t.b = 'x'; COMMENT ON TABLE t IS 'there'; COMMENT ON TABLE t IS 'here';
       CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
    )
    const [a, b] = await Promise.all([catalogOf(one), catalogOf(other)])
    expect(diffCatalogs(a, b)).toEqual([])
    expect(fingerprint(a)).toBe(fingerprint(b))
  })

  test('what is temporary, of an extension or of the server is left out', async () => {
    const target = await testDatabase(major, 'CREATE EXTENSION hstore; CREATE EXTENSION pg_trgm')
    await withClient(
      target,
      'testing',
      async (client) => {
        await client.query(
          'CREATE TEMPORARY TABLE t (a serial PRIMARY KEY); CREATE TEMPORARY VIEW w AS SELECT 1 AS one',
        )
        const catalog = await catalogAfter(client, '')
        expect(catalog.objects.map(objectKey).toSorted()).toEqual([
          'database itself',
          'extension hstore',
          'extension pg_trgm',
          'extension plpgsql',
          'schema public',
        ])
      },
      { pipeline: true },
    )
  })
})

/** How many statements it takes to read a database that was made so. */
async function statementsFor(sql: string): Promise<number> {
  return await withSnapshot(await testDatabase(ANY_MAJOR, sql), 'testing', async (client) => {
    const messages: string[] = []
    const query = (message: string) => messages.push(message) && client.query(message)
    await extractCatalog({ query: query as Queryable['query'] }, { ledger: null })
    return messages.length
  })
}

test.each(OLDEST_AND_NEWEST)(
  'on Postgres %i, any role reads all options of a subscription that there are',
  async (major) => {
    const newer = major > 15 ? ', origin = none, password_required = false, run_as_owner = true' : ''
    const target = await testDatabase(
      major,
      `CREATE SUBSCRIPTION s CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE, streaming = off${newer}); COMMENT ON SUBSCRIPTION s IS 'told'`,
    )
    const catalogs = [await catalogOf(target), await catalogOf(await testRole(target, major))]
    await execute(target, 'DROP SUBSCRIPTION s')
    for (const { objects } of catalogs) {
      expect(objects.find((each) => each.class === 'subscription')?.attributes).toEqual({
        disabled: true,
        publications: ['p'],
        synchronousCommit: 'off',
        comment: 'told',
        ...(major > 15 ? { origin: 'none', withoutPassword: true, runAsOwner: true } : {}),
      })
    }
  },
)

test('statements of kinds that a database has none of are not sent', async () => {
  const [few, one, all] = [
    await statementsFor(''),
    await statementsFor('CREATE DOMAIN d AS int'),
    await statementsFor(ONE_OF_EVERYTHING),
  ]
  expect(one).toBe(few + 1)
  // Transforms and subscriptions need more than a plain server, labels a provider.
  expect(all).toBeGreaterThan(few + 20)
})

test('every major tells the same of the same schema', async () => {
  const catalogs = await Promise.all(
    MAJORS.map(async (major) => await catalogOf(await testDatabase(major, ONE_OF_EVERYTHING))),
  )
  for (const catalog of catalogs) {
    expect(diffCatalogs(catalogs[0]!, catalog)).toEqual([])
    expect(diffCatalogs(catalog, catalogs[0]!)).toEqual([])
  }
})

test('between majors, a view that changed is still told', async () => {
  const changed = await testDatabase(18, ONE_OF_EVERYTHING)
  await withClient(changed, 'testing', (client) =>
    client.query(`CREATE OR REPLACE VIEW app.happy AS SELECT id, email FROM app.users WHERE mood = 'sad'`),
  )
  const differences = diffCatalogs(await catalogOf(await testDatabase(15, ONE_OF_EVERYTHING)), await catalogOf(changed))
  expect(differences).toMatchObject([{ kind: 'changed', attributes: ['query'] }])
})

describe('the ledger', () => {
  const usual = `
    CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations (id serial PRIMARY KEY, hash text UNIQUE, created_at bigint);
    CREATE INDEX ledger_idx ON drizzle.__drizzle_migrations (created_at);
    CREATE TABLE public._drizzle_migrations (id serial PRIMARY KEY, hash text, created_at bigint)`

  test('is left out with all that is its own: both usual ones, where none is named', async () => {
    const catalog = await catalogOf(await testDatabase(ANY_MAJOR, usual))
    expect(catalog.objects.map(objectKey)).toEqual(['schema public', 'extension plpgsql', 'database itself'])
  })

  test('is only the one that is named', async () => {
    const catalog = await catalogOf(await testDatabase(ANY_MAJOR, usual), {
      schema: 'drizzle',
      table: '__drizzle_migrations',
    })
    const keys = catalog.objects.map(objectKey)
    expect(keys).toContain('table public._drizzle_migrations')
    expect(keys.filter((key) => key.includes('drizzle.'))).toEqual([])
    expect(keys).not.toContain('schema drizzle')
  })

  test('leaves its schema there when something else lives in it', async () => {
    const target = await testDatabase(ANY_MAJOR, `${usual}; CREATE TABLE drizzle.other ()`)
    const keys = (await catalogOf(target)).objects.map(objectKey)
    expect(keys).toContain('schema drizzle')
    expect(keys).toContain('table drizzle.other')
  })

  test('may have any name', async () => {
    const target = await testDatabase(
      ANY_MAJOR,
      'CREATE SCHEMA "My"; CREATE TABLE "My"."The.Ledger" (id serial PRIMARY KEY)',
    )
    const catalog = await catalogOf(target, { schema: 'My', table: 'The.Ledger' })
    expect(catalog.objects.map(objectKey)).toEqual(['schema public', 'extension plpgsql', 'database itself'])
  })
})

test('a lock that is held is an error, not a wait for ever', async () => {
  const target = await testDatabase(ANY_MAJOR, 'CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t')
  await withClient(target, 'testing', async (client) => {
    await client.query('BEGIN; LOCK TABLE v IN ACCESS EXCLUSIVE MODE')
    const read = withSnapshot(target, 'reading', async (reader) => {
      await reader.query(`SET LOCAL lock_timeout = 100`)
      return await extractCatalog(reader, { ledger: null })
    })
    await expect(read).rejects.toMatchObject({ code: 'postgres.locked' })
    await client.query('ROLLBACK')
  })
})

test('a live database is told with what a replay must know', async () => {
  const target = await testDatabase(15, 'CREATE SCHEMA x; CREATE EXTENSION hstore SCHEMA x')
  const { user } = await testRole(target, 15)
  const live = await withSnapshot(target, 'testing', (client) => readLive(client, null))
  expect(live).toMatchObject({ major: 15, serverVersion: expect.stringMatching(/^15\.\d+$/) })
  expect(live.roles).toEqual(expect.arrayContaining(['postgres', user]))
  expect(live.roles.filter((role) => role.startsWith('pg_'))).toEqual([])
  expect(live.extensions).toContainEqual({ name: 'hstore', schema: 'x' })
})

import pg from 'pg'
import { expect, test } from 'vitest'
import { hasCode } from '../../lib/error.ts'
import type { LedgerName } from '../../lib/config/config.ts'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import { readLedger } from '../../lib/ledger/read-ledger.ts'
import { withSnapshot } from '../../lib/postgres/client.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { ANY_MAJOR, execute, OLDEST_AND_NEWEST, testDatabase, testRole } from '../support/database.ts'
import { migrateWithDrizzle } from '../support/drizzle-migrator.ts'
import { migrationsFolder } from '../support/migrations-folder.ts'

const USUAL = { schema: 'public', table: '_drizzle_migrations' }
const H1 = '1'.repeat(64)
const H2 = 'A'.repeat(64)

const read = (target: Target, name: LedgerName | null = null) =>
  withSnapshot(target, 'reading the ledger', (client) => readLedger(client, name))

const ledgerTable = (columns: string, rows = '') =>
  `CREATE TABLE public._drizzle_migrations (${columns}); ${rows === '' ? '' : `INSERT INTO public._drizzle_migrations VALUES ${rows}`}`

test.each(OLDEST_AND_NEWEST)('a ledger as Drizzle makes it, on Postgres %i', async (major) => {
  const target = await testDatabase(major)
  const path = await migrationsFolder([
    { tag: '0000_a', sql: 'CREATE TABLE a ();' },
    { tag: '0001_b', sql: 'CREATE TABLE b ();' },
  ])
  await migrateWithDrizzle(target, path)
  const { migrations } = await readFolder(path)
  expect(await read(target)).toEqual({
    name: { schema: 'drizzle', table: '__drizzle_migrations' },
    rows: migrations.map(({ hash, when }, index) => ({
      id: index + 1,
      hash,
      createdAt: when,
      tag: null,
      appliedAt: null,
      transaction: expect.stringMatching(/^\d+$/),
    })),
  })
})

test('a ledger of any schema and name, however it must be quoted', async () => {
  const target = await testDatabase()
  const path = await migrationsFolder([{ tag: '0000_a', sql: 'SELECT 1' }])
  const name = { schema: 'Odd "schema"', table: "it's; a table" }
  await migrateWithDrizzle(target, path, { migrationsSchema: name.schema, migrationsTable: name.table })
  expect(await read(target, name)).toMatchObject({ name, rows: [{ id: 1 }] })
})

test('of the two usual ones the first is taken', async () => {
  const target = await testDatabase()
  const path = await migrationsFolder([{ tag: '0000_a', sql: 'SELECT 1' }])
  await migrateWithDrizzle(target, path)
  expect((await read(target)).name.schema).toBe('drizzle')
  await migrateWithDrizzle(target, path, { migrationsSchema: 'public', migrationsTable: '_drizzle_migrations' })
  expect((await read(target)).name).toEqual(USUAL)
})

test.each([
  [
    'all columns, in another order than they were applied in',
    'tag text, applied_at timestamptz, checksum text, hash text, created_at bigint, id serial',
    `('b', '2026-01-02T00:00:00Z', 'x', '${H2}', 1, 2), ('a', '2026-01-01T00:00:00Z', 'x', '${H1}', 5, 1)`,
    [
      { id: 1, hash: H1, createdAt: 5, tag: 'a', appliedAt: new Date('2026-01-01T00:00:00Z') },
      { id: 2, hash: H2.toLowerCase(), createdAt: 1, tag: 'b', appliedAt: new Date('2026-01-02T00:00:00Z') },
    ],
  ],
  [
    'those of Drizzle 1.x, taken over from 0.x',
    'id serial, hash text, created_at bigint, name text, applied_at timestamptz DEFAULT now()',
    `(1, '${H1}', 7, '20260101000000_a', NULL)`,
    [{ id: 1, hash: H1, createdAt: 7, tag: '20260101000000_a', appliedAt: null }],
  ],
  [
    'no id: ordered by created_at',
    'hash varchar(64), created_at numeric',
    `('${H1}', 9), ('${H2}', 8)`,
    [
      { id: null, hash: H2.toLowerCase(), createdAt: 8, tag: null, appliedAt: null },
      { id: null, hash: H1, createdAt: 9, tag: null, appliedAt: null },
    ],
  ],
  [
    'an id that is no number, and created_at a point in time',
    'id uuid, hash text, created_at timestamptz, name int',
    `('00000000-0000-0000-0000-000000000000', '${H1}', '1970-01-01T00:00:01.5Z', 3)`,
    [{ id: null, hash: H1, createdAt: 1500, tag: null, appliedAt: null }],
  ],
  ['no rows', 'id serial, hash text, created_at bigint', '', []],
])('columns: %s', async (_, columns, rows, expected) => {
  const target = await testDatabase(ANY_MAJOR, ledgerTable(columns, rows))
  const transaction = expect.any(String)
  expect(await read(target)).toEqual({ name: USUAL, rows: expected.map((row) => ({ ...row, transaction })) })
})

test.each([
  ['no column hash', 'id serial, checksum text', '', 'has no column hash, only id, checksum'],
  ['nothing that tells the order', 'hash text, tag text', '', 'nothing tells the order'],
  ['created_at of an odd type', 'hash text, id int, created_at text', '', 'created_at is of type text'],
  ['a hash that is NULL', 'id serial, hash text', '(4, NULL)', 'row 4: no hash'],
  ['a hash that is none', 'id serial, hash text', "(4, 'deadbeef')", 'row 4: "deadbeef" is no hash'],
  [
    'created_at that is NULL, which Drizzle takes for the newest',
    'id serial, hash text, created_at bigint',
    `(1, '${H1}', 5), (2, '${H2}', NULL)`,
    'row 2: created_at is empty',
  ],
])('refused: %s', async (_, columns, rows, words) => {
  const target = await testDatabase(ANY_MAJOR, ledgerTable(columns, rows))
  const error = await read(target).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: 'ledger.invalid', remedy: expect.any(String) })
  expect(String(error)).toContain('public._drizzle_migrations')
  expect(String(error)).toContain(words)
})

test('no ledger: says what was looked for, and what may be meant', async () => {
  const target = await testDatabase()
  await expect(read(target)).rejects.toMatchObject({
    code: 'ledger.missing',
    message: `database ${target.database} has no ledger: looked for public._drizzle_migrations, drizzle.__drizzle_migrations and public.__drizzle_migrations`,
    remedy: expect.stringContaining('raingauge migrate'),
  })
  await migrateWithDrizzle(target, await migrationsFolder([{ tag: '0000_a', sql: 'SELECT 1' }]), {
    migrationsSchema: 'meta',
    migrationsTable: 'applied',
  })
  await expect(read(target)).rejects.toMatchObject({ remedy: expect.stringContaining('there is meta.applied:') })
  await execute(target, 'CREATE SCHEMA app; CREATE TABLE app.drizzle_migrations ()')
  await expect(read(target, { schema: 'app', table: 'migrations' })).rejects.toMatchObject({
    code: 'ledger.missing',
    message: expect.stringContaining('looked for app.migrations'),
    remedy: expect.stringContaining('there is app.drizzle_migrations'),
  })
})

test('missing rights are named with the GRANT that mends them, and never taken for an empty ledger', async () => {
  const target = await testDatabase()
  await migrateWithDrizzle(target, await migrationsFolder([{ tag: '0000_a', sql: 'SELECT 1' }]))
  const stranger = await testRole(target, ANY_MAJOR)
  const remedies: string[] = []
  for (let tries = 0; tries < 3; tries++) {
    const error = await read(stranger).catch((caught: unknown) => caught)
    if (!hasCode(error, 'postgres.permission')) break
    expect(error.message).toBe(`role ${stranger.user} may not read the ledger drizzle.__drizzle_migrations`)
    remedies.push(error.remedy ?? '')
    await execute(target, remedies.at(-1)?.split('; ')[0] ?? '')
  }
  const to = pg.escapeIdentifier(stranger.user)
  const select = `GRANT SELECT ON "drizzle"."__drizzle_migrations" TO ${to};`
  expect(remedies).toEqual([`GRANT USAGE ON SCHEMA "drizzle" TO ${to}; ${select}`, select])
  expect((await read(stranger)).rows).toHaveLength(1)
})

test('rights to the columns that are read are enough', async () => {
  const target = await testDatabase(ANY_MAJOR, ledgerTable('id serial, hash text, secret text', `(1, '${H1}', 'x')`))
  const stranger = await testRole(target, ANY_MAJOR)
  await execute(target, `GRANT SELECT (id, hash) ON public._drizzle_migrations TO ${stranger.user}`)
  expect((await read(stranger)).rows).toHaveLength(1)
})

test('a ledger that is a view does not tell what one transaction wrote', async () => {
  const target = await testDatabase(
    ANY_MAJOR,
    `CREATE VIEW public._drizzle_migrations AS SELECT 1 AS id, '${H1}' AS hash`,
  )
  expect((await read(target)).rows).toEqual([{ id: 1, hash: H1, createdAt: null, tag: null, appliedAt: null }])
})

test('row-level security that hides rows is a missing right, until a policy shows them all', async () => {
  const target = await testDatabase(ANY_MAJOR, ledgerTable('id serial, hash text', `(1, '${H1}')`))
  const stranger = await testRole(target, ANY_MAJOR)
  await execute(target, `GRANT SELECT ON public._drizzle_migrations TO ${stranger.user}`)
  await execute(target, 'ALTER TABLE public._drizzle_migrations ENABLE ROW LEVEL SECURITY')
  const refused = { code: 'postgres.permission', message: expect.stringContaining('hides rows') }
  const error = await read(stranger).catch((caught: unknown) => caught)
  expect(error).toMatchObject(refused)
  await execute(target, 'CREATE POLICY later ON public._drizzle_migrations FOR SELECT USING (id > 1)')
  await expect(read(stranger)).rejects.toMatchObject(refused)
  await execute(target, (error as { remedy: string }).remedy)
  expect((await read(stranger)).rows).toHaveLength(1)
  await execute(target, 'CREATE POLICY never ON public._drizzle_migrations AS RESTRICTIVE USING (false)')
  await expect(read(stranger)).rejects.toMatchObject(refused)
  expect((await read(target)).rows).toHaveLength(1)
})

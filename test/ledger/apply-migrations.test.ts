import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { expect, onTestFinished, test } from 'vitest'
import { applyMigrations, type ApplyOptions } from '../../lib/ledger/apply-migrations.ts'
import { compareWithFolder } from '../../lib/ledger/compare-ledger.ts'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import { readLedger } from '../../lib/ledger/read-ledger.ts'
import { withClient, withSnapshot } from '../../lib/postgres/client.ts'
import { parseTarget, type Target } from '../../lib/postgres/target.ts'
import { ANY_MAJOR, execute, OLDEST_AND_NEWEST, testDatabase, testRole } from '../support/database.ts'
import { migrateWithDrizzle } from '../support/drizzle-migrator.ts'
import { FIRST_WHEN, migrationsFolder, type TestMigration } from '../support/migrations-folder.ts'
import { testFolder } from '../support/directory.ts'

const A = {
  tag: '0000_a',
  sql: 'CREATE TABLE a (id int);--> statement-breakpoint\nINSERT INTO a VALUES (1);',
  when: FIRST_WHEN,
}
const B = {
  tag: '0001_b',
  sql: 'CREATE TABLE b (); CREATE TABLE b2 ();\n--> statement-breakpoint\n',
  when: FIRST_WHEN + 1,
}
const C = { tag: '0002_c', sql: 'ALTER TABLE a ADD c text;', when: FIRST_WHEN + 2 }
const D = { tag: '0003_d', sql: 'CREATE TABLE d ();', when: FIRST_WHEN + 3 }

/** As the playbook has it, word for word. */
const PLAYBOOK_QUERY = `SELECT tag, applied_at, checksum
FROM _drizzle_migrations
ORDER BY applied_at DESC;`

async function apply(target: Target, migrations: TestMigration[], options?: ApplyOptions): Promise<string[]> {
  return (await applyMigrations(target, await readFolder(await migrationsFolder(migrations)), options)).applied
}

async function tables(target: Target): Promise<string[]> {
  const rows = await execute<{ name: string }>(
    target,
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('public', 'drizzle')) ORDER BY 1`,
  )
  return rows.map(({ name }) => name)
}

async function history(target: Target, migrations: TestMigration[]) {
  const folder = await readFolder(await migrationsFolder(migrations))
  const ledger = await withSnapshot(target, 'testing', (client) => readLedger(client, null))
  return compareWithFolder('test', ledger, folder).map(({ kind, subject }) => `${kind} ${subject.name}`)
}

async function waitsForLock(target: Target): Promise<boolean> {
  const statement = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
  return (await execute(target, statement)).length > 0
}

async function pgliteServer(): Promise<Target> {
  const db = await PGlite.create()
  const server = new PGLiteSocketServer({ db, port: 0 })
  await server.start()
  onTestFinished(async () => {
    await server.stop()
    await db.close()
  })
  return parseTarget(`postgres://postgres@${server.getServerConn()}/postgres?sslmode=disable`)
}

const PLACES: [string, () => Promise<Target>][] = [
  ...OLDEST_AND_NEWEST.map((major): [string, () => Promise<Target>] => [
    `Postgres ${major}`,
    () => testDatabase(major),
  ]),
  ['PGlite over its socket', pgliteServer],
]

test.each(PLACES)(
  '%s: what is pending is applied, once, and told by the query of the playbook; what fails is named and leaves nothing',
  async (_, place) => {
    const target = await place()
    const told: string[] = []
    expect(await apply(target, [A, B], { onApplied: (tag) => told.push(tag) })).toEqual(['0000_a', '0001_b'])
    expect(told).toEqual(['0000_a', '0001_b'])
    expect(await apply(target, [A, B])).toEqual([])
    expect(await apply(target, [A, B, C])).toEqual(['0002_c'])
    expect(await tables(target)).toEqual(['_drizzle_migrations', 'a', 'b', 'b2'])
    const { migrations } = await readFolder(await migrationsFolder([A, B, C]))
    expect(await execute(target, PLAYBOOK_QUERY)).toEqual(
      migrations.toReversed().map(({ tag, hash }) => ({ tag, applied_at: expect.any(Date), checksum: hash })),
    )
    expect(await history(target, [A, B, C])).toEqual([])

    const broken = { tag: '0004_e', sql: 'CREATE TABLE e ();--> statement-breakpoint\nSELECT nonsense;' }
    await expect(apply(target, [A, B, C, D, broken])).rejects.toMatchObject({
      code: 'migrate.failed',
      message: expect.stringMatching(/^0004_e, statement 2 of 2, at .*: column "nonsense" does not exist$/),
      remedy: expect.stringContaining('nothing was applied'),
    })
    expect(await tables(target)).toEqual(['_drizzle_migrations', 'a', 'b', 'b2'])
    expect(await apply(target, [A, B, C, D])).toEqual(['0003_d'])
  },
)

test.each([
  [
    'an embedded COMMIT',
    'CREATE TABLE c ();\nCOMMIT;\nCREATE TABLE d ();',
    'statement 1 of 1: COMMIT would end the transaction',
    'take BEGIN and COMMIT out',
  ],
  [
    'an index made concurrently',
    'CREATE INDEX CONCURRENTLY i ON a (id)',
    'CREATE INDEX CONCURRENTLY cannot run inside a transaction block',
    'no CONCURRENTLY',
  ],
  [
    'a constraint that only fails at the commit',
    'ALTER TABLE a ADD UNIQUE (id) DEFERRABLE INITIALLY DEFERRED;--> statement-breakpoint\nINSERT INTO a VALUES (1)',
    'committing to ',
    'nothing was applied',
  ],
])('%s is refused and nothing is half recorded', async (_, sql, words, remedy) => {
  const target = await testDatabase()
  const told: string[] = []
  const failing = apply(target, [A, B, { ...C, sql }], { onApplied: (tag) => told.push(tag) })
  await expect(failing).rejects.toMatchObject({
    code: 'migrate.failed',
    message: expect.stringContaining(words),
    remedy: expect.stringContaining(remedy),
  })
  expect(await tables(target)).toEqual([])
  expect(told).toEqual([])
})

test('a ledger that Drizzle made is continued where it is, and Drizzle goes on with ours', async () => {
  const theirs = await testDatabase()
  await migrateWithDrizzle(theirs, await migrationsFolder([A]))
  expect(await apply(theirs, [A, B])).toEqual(['0001_b'])
  expect(await tables(theirs)).toEqual(['__drizzle_migrations', 'a', 'b', 'b2'])
  await migrateWithDrizzle(theirs, await migrationsFolder([A, B, C]))
  expect(await history(theirs, [A, B, C])).toEqual([])

  const ours = await testDatabase()
  await apply(ours, [A])
  const ledger = { migrationsSchema: 'public', migrationsTable: '_drizzle_migrations' }
  await migrateWithDrizzle(ours, await migrationsFolder([A, B]), ledger)
  expect(await apply(ours, [A, B, C])).toEqual(['0002_c'])
  expect(await history(ours, [A, B, C])).toEqual([])
  const rows = await execute<{ tag: string | null; checksum: string }>(ours, PLAYBOOK_QUERY)
  expect(rows.map(({ tag }) => tag)).toEqual(['0002_c', null, '0000_a'])
  expect(rows.every(({ checksum }) => checksum.length === 64)).toBe(true)
})

test('what Drizzle skips is skipped here too', async () => {
  const target = await testDatabase()
  await apply(target, [A, C])
  expect(await apply(target, [A, B, C])).toEqual([])
  expect(await history(target, [A, B, C])).toEqual(['ledger.skipped 0001_b'])
})

test('a ledger of any name, made with its schema, or continued with the columns that it has', async () => {
  const target = await testDatabase()
  const ledger = { schema: 'Deploys', table: 'done' }
  await apply(target, [A], { ledger })
  await execute(
    target,
    'ALTER TABLE "Deploys".done DROP checksum, DROP applied_at, ADD name text, ADD checksum text NOT NULL DEFAULT 0',
  )
  await apply(target, [A, B], { ledger })
  expect(await execute(target, 'SELECT tag, name, checksum = hash AS same FROM "Deploys".done ORDER BY id')).toEqual([
    { tag: '0000_a', name: null, same: false },
    { tag: '0001_b', name: '0001_b', same: true },
  ])
})

test('up to a tag, and no further', async () => {
  const target = await testDatabase()
  expect(await apply(target, [A, B, C], { upTo: '0001_b' })).toEqual(['0000_a', '0001_b'])
  expect(await apply(target, [A, B, C], { upTo: '0000_a' })).toEqual([])
  await expect(apply(target, [A, B, C], { upTo: '0009_z' })).rejects.toMatchObject({
    code: 'migrate.failed',
    message: expect.stringContaining('has no migration 0009_z'),
  })
})

test('a folder that lacks a file is refused whole, as by Drizzle', async () => {
  const path = await migrationsFolder([A, B])
  const target = await testDatabase()
  await rm(join(path, '0001_b.sql'))
  await expect(applyMigrations(target, await readFolder(path))).rejects.toMatchObject({ code: 'migrate.failed' })
  expect(await tables(target)).toEqual([])
})

test('two deploys at once take turns', async () => {
  const target = await testDatabase()
  const slow = { ...B, sql: `${B.sql}SELECT pg_sleep(0.3);` }
  const results = await Promise.all([apply(target, [A, slow]), apply(target, [A, slow]), apply(target, [A, slow])])
  expect(results.toSorted((a, b) => a.length - b.length)).toEqual([[], [], ['0000_a', '0001_b']])
  expect(await history(target, [A, slow])).toEqual([])
})

test('migrations wait for locks as the database has it, not as the deploy waits for its turn', async () => {
  const target = await testDatabase()
  await execute(target, `ALTER DATABASE ${target.database} SET lock_timeout = '7s'`)
  await apply(target, [{ ...A, sql: `CREATE TABLE a AS SELECT current_setting('lock_timeout') AS waits` }])
  expect(await execute(target, 'SELECT waits FROM a')).toEqual([{ waits: '7s' }])
})

test('a lock that is held makes it wait its turn, and an abort ends the wait', async () => {
  const target = await testDatabase()
  await apply(target, [A])
  await withClient(target, 'testing', async (client) => {
    await client.query('BEGIN; SELECT pg_advisory_xact_lock(-8223016272045362266)')
    const abort = new AbortController()
    const abortWhenItWaits = async () => {
      await expect.poll(() => waitsForLock(target), { timeout: 30_000 }).toBe(true)
      abort.abort()
    }
    await Promise.all([
      expect(apply(target, [A, B], { signal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' }),
      abortWhenItWaits(),
    ])
  })
  expect(await apply(target, [A, B])).toEqual(['0001_b'])
})

test('a connection lost half-way leaves nothing', async () => {
  const target = await testDatabase()
  const suicide = {
    ...B,
    sql: 'CREATE TABLE b ();--> statement-breakpoint\nSELECT pg_terminate_backend(pg_backend_pid())',
  }
  await expect(apply(target, [A, suicide])).rejects.toMatchObject({ code: 'postgres.lost' })
  expect(await tables(target)).toEqual([])
})

test('a role without the right to make tables, and one that may not see the ledger', async () => {
  const target = await testDatabase()
  const stranger = await testRole(target, ANY_MAJOR)
  await expect(apply(stranger, [A])).rejects.toMatchObject({ code: 'postgres.permission' })
  await apply(target, [A])
  await expect(apply(stranger, [A])).rejects.toMatchObject({
    code: 'postgres.permission',
    remedy: expect.stringContaining('GRANT SELECT ON "public"."_drizzle_migrations"'),
  })
})

test('folders of Drizzle 1.x go by name: an older one that was never applied still runs', async () => {
  const path = testFolder()

  const add = async (tag: string, sql: string) => {
    await mkdir(join(path, tag))
    await writeFile(join(path, tag, 'migration.sql'), sql)
    return (await applyMigrations(target, await readFolder(path))).applied
  }
  const target = await testDatabase()
  expect(await add('20260102000000_later', A.sql)).toEqual(['20260102000000_later'])
  expect(await add('20260101000000_older', B.sql)).toEqual(['20260101000000_older'])
})

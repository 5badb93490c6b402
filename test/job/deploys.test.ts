import { expect, test } from 'vitest'
import { judgeSchema, recall } from '../../lib/job/judge-schema.ts'
import type { Judgement } from '../../lib/job/judge.ts'
import { lookAt } from '../../lib/job/look.ts'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { testScratch } from '../schema/support.ts'
import { ANY_MAJOR, execute, testDatabase } from '../support/database.ts'
import { migrateWithDrizzle } from '../support/drizzle-migrator.ts'
import { jobContext } from '../support/job-context.ts'
import { migrationsFolder, writeMigrations } from '../support/migrations-folder.ts'

const NEXT = { tag: '0001_next', sql: 'CREATE TABLE teams (id int);' }
const settingPath = (set: string) => ({
  tag: '0000_first',
  sql: `-- Where.\nCREATE SCHEMA app; ${set} search_path = app;`,
})

/** Deployed by Drizzle at once, or one on each day. */
async function deployed(set: string, how: 'at once' | 'one by one'): Promise<{ target: Target; folder: string }> {
  const target = await testDatabase(ANY_MAJOR)
  const first = settingPath(set.replace('DATABASE', `DATABASE ${target.database}`))
  const folder = await migrationsFolder([first])
  if (how === 'one by one') await migrateWithDrizzle(target, folder)
  await writeMigrations(folder, [first, NEXT])
  await migrateWithDrizzle(target, folder)
  return { target, folder }
}

async function judgementOf({ target, folder }: { target: Target; folder: string }): Promise<Judgement> {
  const context = jobContext(folder, { production: target }, { scratch: testScratch() })
  const [environment] = context.environments
  if (environment === undefined) throw new Error('no environment')
  const look = await lookAt(environment, context, () => Promise.resolve(null))
  return await judgeSchema(look, await readFolder(folder), recall('production', context, []), context)
}

test.each([
  ['SET LOCAL', 'at once', 'app'],
  ['SET LOCAL', 'one by one', 'public'],
  ['SET', 'one by one', 'public'],
  ['ALTER DATABASE SET', 'one by one', 'app'],
  ['COMMIT; SET LOCAL', 'at once', 'public'],
] as const)('what %s in a migration sets reaches the next as it did: deployed %s', async (set, how, schema) => {
  const { target, folder } = await deployed(set, how)
  expect(await execute(target, `SELECT schemaname FROM pg_tables WHERE tablename = 'teams'`)).toEqual([
    { schemaname: schema },
  ])
  expect(await judgementOf({ target, folder })).toEqual({ findings: [], ignored: [] })
})

test('after a restore, which writes the whole ledger in one transaction, deploys one by one are still right', async () => {
  const { target, folder } = await deployed('SET LOCAL', 'one by one')
  await execute(target, 'UPDATE drizzle.__drizzle_migrations SET hash = hash')
  expect(await judgementOf({ target, folder })).toEqual({ findings: [], ignored: [] })
})

test('a migration that leans on what another set in the same deploy is replayed with it', async () => {
  const target = await testDatabase(ANY_MAJOR)
  const folder = await migrationsFolder([
    { tag: '0000_first', sql: 'CREATE SCHEMA app; CREATE TABLE app.teams (id int);' },
    { tag: '0001_next', sql: 'SET LOCAL search_path = app;' },
    { tag: '0002_last', sql: 'ALTER TABLE teams ADD COLUMN name text;' },
  ])
  await migrateWithDrizzle(target, folder)
  expect(await judgementOf({ target, folder })).toEqual({ findings: [], ignored: [] })
  await execute(target, `ALTER TABLE app.teams ADD COLUMN hotfix int`)
  const { findings } = await judgementOf({ target, folder })
  expect(findings.map(({ subject }) => subject.name)).toEqual(['app.teams.hotfix'])
})

test('a migration that goes on where a statement fails is replayed with the others of its deploy', async () => {
  const target = await testDatabase(ANY_MAJOR)
  const folder = await migrationsFolder([
    { tag: '0000_first', sql: `CREATE TYPE level AS ENUM ('low'); CREATE TABLE teams (level text DEFAULT 'low');` },
    {
      tag: '0001_next',
      sql: `ALTER TYPE level ADD VALUE 'high';
        DO $$ BEGIN ALTER TABLE teams ADD COLUMN next level DEFAULT 'high'; EXCEPTION WHEN others THEN null; END $$;`,
    },
  ])
  await migrateWithDrizzle(target, folder)
  expect(
    await execute(target, `SELECT attname FROM pg_attribute WHERE attrelid = 'teams'::regclass AND attnum = 2`),
  ).toEqual([{ attname: 'next' }])
  expect(await judgementOf({ target, folder })).toEqual({ findings: [], ignored: [] })
})

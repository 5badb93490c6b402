import { beforeEach, expect, test } from 'vitest'
import { RaingaugeError } from '../../lib/error.ts'
import type { JobContext } from '../../lib/job/context.ts'
import { findStanding, judgeSchema, recall } from '../../lib/job/judge-schema.ts'
import type { Judgement } from '../../lib/job/judge.ts'
import { lookAt } from '../../lib/job/look.ts'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { stateKey } from '../../lib/store/keys.ts'
import { testScratch } from '../schema/support.ts'
import { ANY_MAJOR, execute, testDatabase, testRole } from '../support/database.ts'
import { migrateWithDrizzle } from '../support/drizzle-migrator.ts'
import { jobContext } from '../support/job-context.ts'
import { migrationsFolder, writeMigrations } from '../support/migrations-folder.ts'

const FIRST = { tag: '0000_first', sql: 'CREATE TABLE teams (id serial PRIMARY KEY, name text NOT NULL);' }
const SECOND = { tag: '0001_second', sql: 'ALTER TABLE teams ADD COLUMN city text;' }
const NOON = new Date('2026-11-22T12:00:00Z')
const HOUR_MS = 3_600_000

let target: Target
let folder: string
let context: JobContext

beforeEach(async () => {
  folder = await migrationsFolder([FIRST])
  target = await testDatabase(ANY_MAJOR)
  await migrateWithDrizzle(target, folder)
  context = jobContext(folder, { production: target }, { scratch: testScratch(), now: () => NOON })
})

function later(hours: number): Partial<JobContext> {
  return { now: () => new Date(NOON.getTime() + hours * HOUR_MS) }
}

type Outcome = { how: 'read' | 'stands'; judgement: Judgement; problems: string[] }

async function check(changes: Partial<JobContext> = {}): Promise<Outcome> {
  const now = { ...context, ...changes }
  const problems: string[] = []
  const memory = recall('production', now, problems)
  const read = readFolder(folder)
  const [environment] = now.environments
  if (environment === undefined) throw new Error('no environment')
  const look = await lookAt(environment, now, (glance) => findStanding('production', glance, read, memory, now))
  return { how: look.schema.kind, judgement: await judgeSchema(look, await read, memory, now), problems }
}

test('where nothing moved, the last full read stands: neither catalog nor baseline is read', async () => {
  await execute(target, 'ALTER TABLE teams ADD COLUMN hotfix text')
  const first = await check()
  expect(first).toMatchObject({ how: 'read', problems: [] })
  expect(first.judgement.findings.map(({ summary }) => summary)).toEqual([
    expect.stringContaining('column public.teams.hotfix'),
  ])
  await execute(target, `INSERT INTO teams (name) VALUES ('one'); ANALYZE`)
  const keys: string[] = []
  const store = { ...context.store, get: (key: string) => (keys.push(key), context.store.get(key)) }
  expect(await check({ store })).toEqual({ ...first, how: 'stands' })
  expect(keys).toEqual([stateKey('app', '_schema-production')])
})

test('a change of the schema, of the ledger or of the rules is seen at once', async () => {
  expect((await check()).judgement.findings).toEqual([])
  await execute(target, 'ALTER TABLE teams DROP COLUMN name')
  const drifted = await check()
  expect([drifted.how, drifted.judgement.findings.length]).toEqual(['read', 1])
  expect((await check()).how).toBe('stands')

  const rules = { ignore: [{ class: 'column', name: '*', reason: 'on its way out' }], severity: [] }
  const ruled = await check({ schemaRules: rules })
  expect([ruled.how, ruled.judgement.findings.length, ruled.judgement.ignored?.length]).toEqual(['read', 0, 1])
  expect((await check({ schemaRules: rules })).how).toBe('stands')
  expect((await check({ schemaRules: rules, version: '0.0.1' })).how).toBe('read')

  await writeMigrations(folder, [FIRST, SECOND])
  expect((await check({ schemaRules: rules, version: '0.0.1' })).how).toBe('stands')
  await migrateWithDrizzle(target, folder)
  expect(await check({ schemaRules: rules })).toMatchObject({ how: 'read', judgement: { findings: [] } })
})

test('a ledger row alone, without any DDL, is seen', async () => {
  await check()
  await execute(
    target,
    `INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('${'0'.repeat(64)}', 1800000000000)`,
  )
  expect(await check()).toMatchObject({
    how: 'read',
    judgement: { incomplete: expect.stringContaining('not in the folder') },
  })
  // What could not be judged stands for nothing.
  expect((await check()).how).toBe('read')
})

test('a file that was edited after it was applied: right where it builds the same, else nobody can say', async () => {
  const write = async (sql: string) => await writeMigrations(folder, [{ ...FIRST, sql }])
  await write(`-- Idempotent by now.\n${FIRST.sql.replace('TABLE', 'TABLE IF NOT EXISTS')}`)
  expect(await check()).toEqual({ how: 'read', problems: [], judgement: { findings: [], ignored: [] } })
  // Nothing was proven that could stand.
  expect((await check()).how).toBe('read')
  await write(FIRST.sql.replace('text', 'varchar'))
  expect((await check()).judgement).toEqual({
    findings: [],
    incomplete: expect.stringMatching(/^1 migration .* changed after being applied, .* differs in 1 place /),
  })
  await write('nonsense')
  expect((await check()).judgement).toEqual({
    findings: [],
    incomplete: expect.stringMatching(/not in the folder .*0000_first, statement 1 of 1, fails on scratch/),
  })
})

test('a row that was put in by hand later proves what was applied, and not when', async () => {
  await writeMigrations(folder, [FIRST, SECOND])
  await migrateWithDrizzle(target, folder)
  await execute(target, `UPDATE drizzle.__drizzle_migrations SET id = id + 2 WHERE id = 1`)
  expect((await check()).judgement).toEqual({ findings: [], ignored: [] })
  await execute(target, 'ALTER TABLE teams DROP COLUMN city')
  expect((await check()).judgement.findings.map(({ subject }) => subject.name)).toEqual(['public.teams.city'])
})

test('another reader reads for itself', async () => {
  await check()
  const other = await testRole(target, ANY_MAJOR)
  await execute(
    target,
    `GRANT USAGE ON SCHEMA drizzle TO ${other.user}; GRANT SELECT ON drizzle.__drizzle_migrations TO ${other.user}`,
  )
  await check()
  expect((await check()).how).toBe('stands')
  const environments = [{ name: 'production', target: () => Promise.resolve(other) }]
  expect((await check({ environments })).how).toBe('read')
})

test('after a day the catalog is read whole, and must be what the token said', async () => {
  await check()
  expect((await check(later(23))).how).toBe('stands')
  expect(await check(later(25))).toMatchObject({ how: 'read', problems: [] })
  expect((await check(later(48))).how).toBe('stands')
  // A clock that was set back proves nothing.
  expect((await check(later(24))).how).toBe('read')

  const key = stateKey('app', '_schema-production')
  const stored = JSON.parse((await context.store.get(key))?.body.toString() ?? '') as object
  await context.store.put(key, JSON.stringify({ ...stored, fingerprint: 'another' }))
  const disagreed = await check(later(49))
  expect(disagreed).toMatchObject({ how: 'read', judgement: { findings: [] } })
  expect(disagreed.problems).toEqual([expect.stringContaining('the change token did not')])
  expect((await check(later(50))).how).toBe('stands')
})

test('what is stored and cannot be read is as if it were not there, and is replaced', async () => {
  await check()
  for (const wreck of ['', '{"standsFor":', '{}', '[1]']) {
    await context.store.put(stateKey('app', '_schema-production'), wreck)
    expect(await check()).toMatchObject({ how: 'read', problems: [] })
    expect((await check()).how).toBe('stands')
  }
})

test('a store that cannot remember costs full reads and is told, and no findings are lost', async () => {
  await check()
  const key = stateKey('app', '_schema-production')
  const failure = new RaingaugeError('store.unavailable', 'no answer')
  const failing =
    <T>(work: (each: string) => Promise<T>) =>
    (each: string) =>
      each === key ? Promise.reject(failure) : work(each)
  const store = { ...context.store, get: failing(context.store.get), put: failing(() => Promise.resolve({ etag: '' })) }
  await execute(target, 'ALTER TABLE teams ADD COLUMN hotfix text')
  const outcome = await check({ store })
  expect(outcome.judgement.findings).toHaveLength(1)
  expect(outcome.problems).toEqual([
    expect.stringContaining('cannot be had: no answer'),
    expect.stringContaining('cannot be kept: no answer'),
  ])
})

test('two runs that keep their full read at once do not stumble over each other', async () => {
  const outcomes = await Promise.all([check(), check()])
  expect(outcomes.flatMap(({ problems }) => problems)).toEqual([])
  expect((await check()).how).toBe('stands')
})

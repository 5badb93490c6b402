// The SQL of `raingauge grants`, run on real servers: what its roles can do, and what they cannot.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { USUAL_LEDGERS } from '../../lib/config/config.ts'
import { runBackup } from '../../lib/job/backup.ts'
import { runCheck } from '../../lib/job/check.ts'
import { applyMigrations } from '../../lib/ledger/apply-migrations.ts'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import { withSnapshot } from '../../lib/postgres/client.ts'
import { dumpGrants } from '../../lib/postgres/grants/dump-grants.ts'
import { genericGrants } from '../../lib/postgres/grants/generic-grants.ts'
import { grantsScript } from '../../lib/postgres/grants/grants-script.ts'
import { readGrantFacts } from '../../lib/postgres/grants/read-grant-facts.ts'
import { GRANT_ROLES, grantName, type GrantRole, type RoleGrants } from '../../lib/postgres/grants/role-grants.ts'
import { watchGrants } from '../../lib/postgres/grants/watch-grants.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { Secret } from '../../lib/secret.ts'
import { ANY_MAJOR, execute, OLDEST_AND_NEWEST, testDatabase } from '../support/database.ts'
import { jobContext, withScratchContext } from '../support/job-context.ts'

const MIGRATIONS = join(import.meta.dirname, '..', '..', 'migrations')

/** A database with all migrations, a large object, and a table outside of them that nobody but its owner may read. */
async function database(major: number): Promise<Target> {
  const target = await testDatabase(major)
  await applyMigrations(target, await readFolder(MIGRATIONS))
  onTestFinished(async () => {
    for (const role of GRANT_ROLES) await execute(target, `DROP OWNED BY ${grantName(role)}`)
    for (const role of GRANT_ROLES) await execute(target, `DROP ROLE ${grantName(role)}`)
  })
  return target
}

/** Runs the script twice, as people do, and gives the role a password. */
async function make(target: Target, grants: RoleGrants): Promise<Target> {
  const script = grantsScript([grants], 'test')
  await execute(target, script)
  await execute(target, script)
  const password = randomBytes(12).toString('hex')
  await execute(target, `ALTER ROLE ${grants.name} PASSWORD '${password}'`)
  return { ...target, user: grants.name, password: new Secret(password) }
}

async function facts(target: Target) {
  return await withSnapshot(target, 'test', async (client) => await readGrantFacts(client, USUAL_LEDGERS))
}

async function refusal(target: Target, statement: string): Promise<string> {
  const error: unknown = await execute(target, `BEGIN READ WRITE; ${statement}`).then(
    () => new Error(`${statement} was allowed`),
    (caught: unknown) => caught,
  )
  return String(error)
}

describe.each(OLDEST_AND_NEWEST)('PostgreSQL %i', (major) => {
  test('its roles check clean and back up, and may do nothing else', async () => {
    const target = await database(major)
    await execute(target, 'SELECT pg_catalog.lo_from_bytea(0, $$x$$)')
    const found = await facts(target)
    expect(found).toMatchObject({ major, largeObjects: 1, subscriptions: 0, openSchemas: [] })
    expect(found.ledgers).toEqual([{ schema: 'public', table: '_drizzle_migrations', rowSecurity: false }])
    expect(found.guarded.length).toBeGreaterThan(0)
    const watch = await make(target, watchGrants(found, 'password'))
    const dump = await make(target, dumpGrants(found, { logIn: 'password' }))

    const context = jobContext(MIGRATIONS, { production: watch })
    await withScratchContext(context, async (inside) => {
      const { verdicts } = await runCheck(inside)
      expect(verdicts.map(({ check, status, reason }) => [check, status, reason])).toEqual(
        verdicts.map(({ check }) => [check, 'clean', undefined]),
      )
    })
    const [environment] = context.environments
    const environments = [
      { name: 'production', target: environment!.target, backupTarget: () => Promise.resolve(dump) },
    ]
    const backup = await runBackup({ ...context, environments })
    expect(backup.verdicts.map(({ status }) => status)).toEqual(['clean'])
    expect(backup.archives.map(({ trust }) => trust)).toEqual(['verified'])

    const [table = ''] = found.guarded
    for (const role of [watch, dump]) {
      expect(await refusal(role, `DELETE FROM ${table}`)).toMatch(/permission denied/)
      expect(await refusal(role, 'UPDATE public._drizzle_migrations SET hash = hash')).toMatch(/permission denied/)
      expect(await refusal(role, 'CREATE TABLE public.mine ()')).toMatch(/permission denied/)
      expect(await refusal(role, 'CREATE SCHEMA mine')).toMatch(/permission denied/)
      expect(await refusal(role, 'CREATE ROLE mine')).toMatch(/permission denied/)
      expect(await refusal(role, `SET ROLE ${target.user}`)).toMatch(/permission denied/)
      await expect(execute(role, `CREATE TEMP TABLE mine ()`)).rejects.toThrow(/read-only transaction/)
    }
    expect(await refusal(watch, `SELECT FROM ${table}`)).toMatch(/permission denied/)
    expect(await refusal(watch, 'SELECT pg_catalog.lo_get(oid) FROM pg_catalog.pg_largeobject_metadata')).toMatch(
      /permission denied/,
    )
  })
})

test('by object: every owner and schema, without pg_read_all_data, and with what is made later', async () => {
  const target = await database(ANY_MAJOR)
  await execute(target, 'CREATE SCHEMA "odd name"; CREATE TABLE "odd name".x (id serial)')
  const found = await facts(target)
  const grants = dumpGrants(found, { logIn: 'password', byObject: true })
  expect(grants.statements.join()).not.toContain('pg_read_all_data')
  const dump = await make(target, grants)
  await make(target, watchGrants(found, 'password'))
  await execute(target, 'CREATE TABLE "odd name".later (id serial); CREATE SCHEMA newer; CREATE TABLE newer.y ()')
  const { archives } = await runBackup(jobContext(MIGRATIONS, { production: dump }))
  expect(archives.map(({ trust }) => trust)).toEqual(['verified'])
})

test('generic: the same without a look, for any database', async () => {
  const target = await database(ANY_MAJOR)
  const make2 = async (role: GrantRole) => await make(target, genericGrants(role, USUAL_LEDGERS, 'password'))
  const [watch, dump] = [await make2('watch'), await make2('dump')]
  await expect(execute(watch, 'SELECT hash FROM public._drizzle_migrations')).resolves.not.toEqual([])
  const [table = ''] = (await facts(target)).guarded
  expect(await refusal(watch, `SELECT FROM ${table}`)).toMatch(/permission denied/)
  await expect(execute(dump, `SET row_security = off; SELECT FROM ${table}`)).resolves.toBeDefined()
})

test('a ledger with row security shows its rows; what everybody may do is told; names cannot break out of a comment', async () => {
  const target = await database(ANY_MAJOR)
  await execute(
    target,
    `ALTER TABLE public._drizzle_migrations ENABLE ROW LEVEL SECURITY; GRANT CREATE ON SCHEMA public TO PUBLIC;
     CREATE SCHEMA "x\nCREATE TABLE public.evil ();--"; GRANT CREATE ON SCHEMA "x\nCREATE TABLE public.evil ();--" TO PUBLIC`,
  )
  const found = await facts(target)
  const grants = watchGrants(found, 'password')
  expect(grants.notes).toContainEqual(expect.stringContaining('REVOKE CREATE ON SCHEMA "public" FROM PUBLIC'))
  const watch = await make(target, grants)
  await make(target, dumpGrants(found, { logIn: 'password' }))
  expect(await execute(watch, 'SELECT hash FROM public._drizzle_migrations')).toHaveLength(6)
  expect(await execute(target, `SELECT pg_catalog.to_regclass('public.evil') AS evil`)).toEqual([{ evil: null }])
})

test('with IAM, the role is granted rds_iam and needs no password', () => {
  const { statements, notes } = watchGrants(
    { database: 'a"b', major: 17, ledgers: [], schemas: [], owners: [], guarded: [], largeObjects: 0, subscriptions: 0, openSchemas: [], openTables: [] }, // prettier-ignore
    'rds-iam',
  )
  expect(statements).toContain('GRANT rds_iam TO "raingauge_watch"')
  expect(statements).toContain('GRANT CONNECT ON DATABASE "a""b" TO "raingauge_watch"')
  expect(notes).toEqual([expect.stringContaining('there is no ledger yet')])
})

// Migrations that ask what is there before they do anything: a replay must find what they found.
import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { runCheck } from '../../lib/job/check.ts'
import type { Verdict } from '../../lib/finding.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { ANY_MAJOR, execute, serverTarget, testDatabase, testRole } from '../support/database.ts'
import { migrateWithDrizzle } from '../support/drizzle-migrator.ts'
import { jobContext, withScratchContext } from '../support/job-context.ts'
import { migrationsFolder } from '../support/migrations-folder.ts'

const ifRole = (role: string) => `EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}')`
const orMake = (role: string) =>
  `DO $$ BEGIN IF NOT ${ifRole(role)} THEN CREATE ROLE ${role}; GRANT SELECT ON t TO ${role}; END IF; END $$;`

async function deployed(...texts: string[]): Promise<{ folder: string; target: Target }> {
  const folder = await migrationsFolder(texts.map((sql, index) => ({ tag: `000${index}_test`, sql })))
  const target = await testDatabase(ANY_MAJOR)
  await migrateWithDrizzle(target, folder)
  return { folder, target }
}

async function schemaVerdicts({ folder, target }: { folder: string; target: Target }): Promise<Verdict[]> {
  const context = jobContext(folder, { production: target }, { drizzleKit: '/bin/true' })
  const { verdicts } = await withScratchContext(context, runCheck)
  return verdicts.filter(({ check }) => check === 'schema')
}

const RIGHT = [expect.objectContaining({ status: 'clean', findings: [] })]

test('extensions, the ledger and temporary tables are as they were', { timeout: 60_000 }, async () => {
  const guarded = `IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector') THEN
      CREATE EXTENSION vector; ALTER TABLE t ADD COLUMN e vector(3); ELSE CREATE DOMAIN vector AS text; END IF;`
  const live = await deployed(
    `CREATE TABLE t (a int); CREATE TEMP TABLE x (a int) ON COMMIT DROP; DO $$ BEGIN ${guarded} END $$;`,
    `DO $$ BEGIN IF to_regclass('pg_temp.x') IS NOT NULL THEN CREATE TABLE u (a int); END IF; END $$;`,
    `DO $$ BEGIN IF EXISTS (SELECT FROM drizzle.__drizzle_migrations) THEN CREATE TABLE v (a int); END IF; END $$;`,
  )
  expect(await schemaVerdicts(live)).toEqual(RIGHT)
})

test(
  'an extension that was there before is asked for, and one that nobody asked for is told',
  { timeout: 60_000 },
  async () => {
    const folder = await migrationsFolder([
      {
        tag: '0000_test',
        sql: `CREATE TABLE t (a text); DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
        CREATE INDEX i ON t USING gin (a gin_trgm_ops); END IF; END $$;`,
      },
    ])
    const target = await testDatabase(ANY_MAJOR, 'CREATE EXTENSION pg_trgm; CREATE EXTENSION citext')
    await migrateWithDrizzle(target, folder)
    const [verdict] = await schemaVerdicts({ folder, target })
    expect(verdict?.findings.map(({ kind, subject }) => `${kind} ${subject.name}`)).toEqual([
      'schema.unexpected citext',
    ])
  },
)

describe('a role that migrations make', { timeout: 60_000 }, () => {
  let role: string
  beforeAll(() => {
    role = `made_${randomBytes(6).toString('hex')}`
    return async () => await execute(serverTarget(ANY_MAJOR), `DROP ROLE ${role}`)
  })

  test('was not there before, and was looked for', async () => {
    const live = await deployed(
      `CREATE TABLE t (a int); DO $$ BEGIN IF ${ifRole(role)} THEN GRANT UPDATE ON t TO ${role}; END IF; END $$;`,
      orMake(role),
    )
    expect(await execute(live.target, `SELECT relacl::text FROM pg_class WHERE relname = 't'`)).toEqual([
      { relacl: expect.stringContaining(`${role}=r/`) },
    ])
    expect(await schemaVerdicts(live)).toEqual(RIGHT)
  })

  test('was there before, for another database of the server', async () => {
    const target = await testDatabase(ANY_MAJOR)
    const { user } = await testRole(target, ANY_MAJOR)
    expect(await schemaVerdicts(await deployed(`CREATE TABLE t (a int);`, orMake(user)))).toEqual(RIGHT)
  })
})

test('what the role that deploys may not do, and which moment a date is to it', { timeout: 60_000 }, async () => {
  const folder = await migrationsFolder([
    {
      tag: '0000_test',
      sql: `CREATE TABLE t (a timestamptz DEFAULT '2024-01-31', b date DEFAULT '01/02/2024');
        DO $$ BEGIN CREATE PUBLICATION p FOR ALL TABLES; EXCEPTION WHEN insufficient_privilege THEN NULL; END $$;`,
    },
  ])
  const target = await testDatabase(ANY_MAJOR)
  const role = await testRole(target, ANY_MAJOR)
  const { user, database } = role
  await execute(
    target,
    `GRANT CREATE ON DATABASE ${database} TO ${user}; GRANT CREATE ON SCHEMA public TO ${user};
     ALTER ROLE ${user} SET datestyle = 'ISO, DMY'; ALTER ROLE ${user} IN DATABASE ${database} SET timezone = 'Asia/Tokyo'`,
  )
  await migrateWithDrizzle(role, folder)
  // Told as it is, whoever looks.
  await execute(
    target,
    `ALTER ROLE ${user} IN DATABASE ${database} RESET ALL; ALTER ROLE ${user} SET timezone = 'Japan'`,
  )
  expect(await schemaVerdicts({ folder, target })).toEqual(RIGHT)
})

test('who deploys, what is kept for its sessions and what is said of what it makes', { timeout: 60_000 }, async () => {
  const target = await testDatabase(ANY_MAJOR)
  const role = await testRole(target, ANY_MAJOR, 'CREATEROLE')
  const { user, database } = role
  await execute(
    target,
    `GRANT CREATE ON DATABASE ${database} TO ${user}; CREATE SCHEMA app AUTHORIZATION ${user}; ALTER ROLE ${user} SET search_path = app`,
  )
  const folder = await migrationsFolder([
    {
      tag: '0000_test',
      sql: `CREATE TABLE t (a int);
        DO $$ BEGIN IF current_user <> '${user}' THEN RAISE EXCEPTION 'not for %', current_user; END IF; END $$;
        ALTER DEFAULT PRIVILEGES FOR ROLE ${user} GRANT SELECT ON TABLES TO PUBLIC; CREATE TABLE u (a int);`,
    },
  ])
  await migrateWithDrizzle(role, folder)
  expect(await schemaVerdicts({ folder, target })).toEqual(RIGHT)
})

test('rows that an application put in between two deploys', { timeout: 60_000 }, async () => {
  const first = `CREATE TABLE t (a int PRIMARY KEY, b int); INSERT INTO t VALUES (1);`
  const live = await deployed(first)
  await execute(live.target, 'UPDATE t SET b = 2; INSERT INTO t VALUES (7, 7)')
  const folder = await migrationsFolder([
    { tag: '0000_test', sql: first },
    {
      tag: '0001_test',
      sql: `CREATE TABLE u (a int NOT NULL REFERENCES t);--> statement-breakpoint
        -- It must be there.
        INSERT INTO u SELECT (SELECT a FROM t WHERE a = 7);--> statement-breakpoint
        DO $$ BEGIN IF NOT EXISTS (SELECT FROM u) THEN RAISE EXCEPTION 'nothing to DROP'; END IF; END $$;--> statement-breakpoint
        ALTER TABLE t ALTER b SET NOT NULL;`,
    },
  ])
  await migrateWithDrizzle(live.target, folder)
  expect(await schemaVerdicts({ folder, target: live.target })).toEqual(RIGHT)
  await execute(live.target, 'ALTER TABLE t ADD c int')
  expect(await schemaVerdicts({ folder, target: live.target })).toEqual([
    expect.objectContaining({ status: 'unknown', reason: expect.stringMatching(/0001_test, statement 2 of 4.*rows/) }),
  ])
})

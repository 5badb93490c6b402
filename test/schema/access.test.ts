import { expect, test } from 'vitest'
import { parseAcl } from '../../lib/schema/access/acl.ts'
import { renameRoles } from '../../lib/schema/access/rename-roles.ts'
import { encodeCatalog, type Catalog, type CatalogObject } from '../../lib/schema/catalog.ts'
import { diffCatalogs } from '../../lib/schema/diff-catalogs.ts'
import { judgeCatalogs, NO_RULES } from '../../lib/schema/judge-catalogs.ts'
import { detectPlatform, withoutPlatform } from '../../lib/schema/presets.ts'
import { schemaFindings } from '../../lib/schema/schema-findings.ts'
import { ANY_MAJOR, execute, OLDEST_AND_NEWEST, testDatabase, testRole } from '../support/database.ts'
import { ONE_OF_EVERYTHING } from './one-of-everything.ts'
import { catalogOf } from './support.ts'

const TABLES = Array.from({ length: 20 }, (_, index) => `CREATE TABLE t${index} (id serial PRIMARY KEY);`).join('\n')

test.each(OLDEST_AND_NEWEST)(
  'on Postgres %i, who owns everything and grants to itself is told of nothing',
  async (major) => {
    const live = await testDatabase(major)
    const { user } = await testRole(live, major, 'CREATEROLE')
    const migrations = `${TABLES} CREATE VIEW v AS SELECT 1 AS one; GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${user};
    ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO ${user}; GRANT SELECT ON t1 TO pg_monitor`
    await execute(
      live,
      `GRANT CREATE ON SCHEMA public TO PUBLIC; SET ROLE ${user}; ${migrations}; RESET ROLE; REVOKE CREATE ON SCHEMA public FROM PUBLIC`,
    )
    const scratch = await testDatabase(major, migrations)
    const [expected, actual] = [await catalogOf(scratch), await catalogOf(live)]
    expect([expected.owner, actual.owner]).toEqual(['postgres', user])
    expect(diffCatalogs(expected, actual)).toEqual([])
    await execute(scratch, `DROP OWNED BY ${user}`)
  },
)

test('grants on many tables are one finding for each role that has them', async () => {
  const database = await testDatabase(ANY_MAJOR, TABLES)
  const expected = await catalogOf(database)
  await execute(
    database,
    'GRANT SELECT ON ALL TABLES IN SCHEMA public TO pg_monitor; GRANT ALL ON t3 TO pg_read_all_data',
  )
  const findings = schemaFindings('production', diffCatalogs(expected, await catalogOf(database)))
  expect(findings.map(({ subject, severity }) => `${severity} ${subject.name}`)).toEqual([
    'info pg_monitor',
    'info pg_read_all_data',
  ])
  expect(findings[0]?.summary).toBe(
    'role pg_monitor: may SELECT on 20 tables (public.t0, public.t1, public.t10, …) in production, but not in the migrations',
  )
  await execute(database, findings.map(({ repair }) => repair?.database).join('\n'))
  expect(diffCatalogs(expected, await catalogOf(database))).toEqual([])
})

test('a policy for the role that deploys is for it under whatever name, and for nobody else', async () => {
  const live = await testDatabase(ANY_MAJOR)
  const { user } = await testRole(live, ANY_MAJOR)
  const migrations = `${TABLES} CREATE POLICY p ON t1 TO CURRENT_USER, pg_monitor; CREATE POLICY q ON t2 TO ${user}`
  await execute(live, `GRANT CREATE ON SCHEMA public TO ${user}; SET ROLE ${user}; ${migrations}`)
  const expected = await catalogOf(await testDatabase(ANY_MAJOR, migrations))
  const told = async () => diffCatalogs(expected, await catalogOf(live)).map((each) => each.kind)
  expect((await catalogOf(live)).owner).toBe(user)
  expect(await told()).toEqual([])
  await execute(live, `ALTER POLICY p ON t1 TO pg_monitor`)
  expect(await told()).toEqual(['changed'])
})

test('rights come and go with what they are on', async () => {
  const database = await testDatabase(ANY_MAJOR, `${TABLES} GRANT SELECT ON t1, t2 TO pg_monitor`)
  const expected = await catalogOf(database)
  await execute(database, 'DROP TABLE t1; CREATE TABLE mine (id integer); GRANT SELECT ON mine TO pg_monitor, PUBLIC')
  const findings = schemaFindings('production', diffCatalogs(expected, await catalogOf(database)))
  expect(findings.map(({ kind, subject }) => `${kind} ${subject.name}`)).toEqual([
    'schema.unexpected public.mine',
    'schema.missing public.t1',
  ])
})

test('no secret is read', async () => {
  const database = await testDatabase(ANY_MAJOR, [
    ONE_OF_EVERYTHING,
    `CREATE SUBSCRIPTION s CONNECTION 'password=hush' PUBLICATION p WITH (connect = false, slot_name = NONE);
     DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET app.jwt_secret = ''hush''', current_database()); END $$;
     CREATE SERVER other FOREIGN DATA WRAPPER remote OPTIONS (api_key 'hush');
     CREATE USER MAPPING FOR CURRENT_USER SERVER other OPTIONS (password 'hush')`,
  ])
  const catalog = await catalogOf(database)
  await execute(database, 'DROP SUBSCRIPTION s')
  expect(JSON.stringify(catalog)).not.toContain('hush')
  expect(JSON.stringify(catalog)).toContain('api_key=(hidden)')
  expect(encodeCatalog(catalog).length).toBeGreaterThan(0)
})

test('access control lists are read as the server writes them', () => {
  const items = ['=r/postgres', 'app=arwdDxtm/postgres', '"odd ""name"""=r*w/app', 'app=r/other']
  expect([...parseAcl(items)]).toEqual([
    ['', ['SELECT']],
    ['app', ['DELETE', 'INSERT', 'MAINTAIN', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']],
    ['odd "name"', ['SELECT WITH GRANT OPTION', 'UPDATE']],
  ])
  expect(() => parseAcl(['nonsense'])).toThrow('not an aclitem')
})

const role = (name: string, attributes: CatalogObject['attributes']): CatalogObject => ({
  class: 'role',
  name,
  path: [name],
  attributes,
})
const table: CatalogObject = { class: 'table', name: 'public.t', path: ['public', 't'], attributes: {} }
const policy: CatalogObject = {
  class: 'policy',
  name: 'public.t.p',
  path: ['public', 't', 'p'],
  attributes: { roles: ['"App Prod"', 'reader'] },
}
const catalog = (...objects: CatalogObject[]): Catalog => ({ serverVersion: '17.10', objects })

test('roles go by the names that the migrations use, where the configuration says so', () => {
  const live = catalog(
    table,
    policy,
    role('App Prod', { 'table public.t': ['SELECT'] }),
    role('app_two', { 'table public.t': ['UPDATE'] }),
  )
  const wanted = catalog(
    table,
    { ...policy, attributes: { roles: ['app', 'reader'] } },
    role('app', { 'table public.t': ['SELECT', 'UPDATE'] }),
  )
  expect(diffCatalogs(wanted, renameRoles(live, { 'App Prod': 'app', app_two: 'app' }))).toEqual([])
  const now = new Date('2026-11-22')
  const rules = { ...NO_RULES, roles: { 'App Prod': 'app', app_two: 'app' } }
  expect(judgeCatalogs('production', wanted, live, { rules, now }).findings).toEqual([])
  expect(judgeCatalogs('production', wanted, live, { rules: NO_RULES, now }).findings).toHaveLength(4)
})

test('what a platform brings is left out, and only on that platform', () => {
  const brought = [
    { class: 'table', name: 'auth.users', path: ['auth', 'users'], attributes: {} },
    { class: 'publication', name: 'supabase_realtime', path: ['supabase_realtime'], attributes: {} },
    role('anon', { 'table public.t': ['SELECT'] }),
  ] as const satisfies CatalogObject[]
  const live = catalog(table, ...brought, role('mine', { 'table public.t': ['SELECT'] }))
  expect(withoutPlatform(live, 'supabase').objects.map(({ name }) => name)).toEqual(['public.t', 'mine'])
  expect(withoutPlatform(live, 'rds').objects).toEqual(live.objects)
  expect(withoutPlatform(live, null)).toBe(live)
  expect(detectPlatform(['postgres', 'neon_superuser'])).toBe('neon')
  expect(detectPlatform(['postgres'])).toBeNull()

  const now = new Date('2026-11-22')
  const told = (rules: typeof NO_RULES, roles: string[]) =>
    judgeCatalogs('production', catalog(table), live, { rules, now, roles }).findings.length
  expect(told(NO_RULES, ['supabase_admin'])).toBe(1)
  expect(told({ ...NO_RULES, platform: 'supabase' }, [])).toBe(1)
  expect(told({ ...NO_RULES, platform: 'none' }, ['supabase_admin'])).toBe(4)
})

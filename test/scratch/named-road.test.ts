// A server of its own: the roles that are dropped here belong to the whole server.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeError } from '../../lib/error.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { replayMigrations } from '../../lib/schema/replay-baseline.ts'
import { replayOnScratch } from '../../lib/schema/replay-on-scratch.ts'
import { startEmbeddedServer, type EmbeddedServer } from '../../lib/scratch/embedded-server.ts'
import { withScratch, type Scratch } from '../../lib/scratch/scratch.ts'
import { findServerBinaries } from '../../lib/scratch/server-binaries.ts'
import { Secret } from '../../lib/secret.ts'
import { ANY_MAJOR, execute, targetUrl } from '../support/database.ts'
import { migrationsOf } from '../schema/support.ts'

/** Older than any road but the named one knows. */
const NO_OTHER_ROAD = 14

let server: EmbeddedServer
let named: Target

beforeAll(async () => {
  server = await startEmbeddedServer(findServerBinaries(ANY_MAJOR), { tcpPassword: new Secret('named') })
  named = await server.createDatabase('maintenance')
})

afterAll(async () => {
  await server.stop()
})

async function withNamed<T>(
  use: (scratch: Scratch) => Promise<T>,
  target: Target = named,
  watched: Target[] = [],
): Promise<T> {
  return await withScratch(use, { named: () => Promise.resolve({ target, watched }) })
}

async function databases(): Promise<string[]> {
  const rows = await execute<{ datname: string }>(named, `SELECT datname FROM pg_database WHERE datname ~ '^scratch'`)
  return rows.map(({ datname }) => datname)
}

async function roles(): Promise<string[]> {
  const rows = await execute<{ name: string }>(named, `SELECT rolname AS name FROM pg_roles WHERE rolname !~ '^pg_'`)
  return rows.map(({ name }) => name).toSorted()
}

test('a database is lent and dropped, with the roles that the work made, and no other', async () => {
  await execute(named, 'CREATE ROLE theirs')
  const before = await roles()
  const sql = 'CREATE TABLE t (); GRANT SELECT ON t TO app, theirs;'
  const work = withNamed((scratch) =>
    scratch.withDatabase(NO_OTHER_ROAD, async (target, lent) => {
      expect(lent).toEqual({ road: 'named', missing: [] })
      expect(await databases()).toEqual([target.database])
      await replayMigrations(target, await migrationsOf(sql), { roles: ['app', 'theirs'] })
      expect(await roles()).toEqual(['app', ...before])
      throw new Error('the work failed')
    }),
  )
  await expect(work).rejects.toThrow('the work failed')
  expect(await databases()).toEqual([])
  expect(await roles()).toEqual(before)
})

test('roles that only the migrations name are dropped too', async () => {
  const before = await roles()
  const sql = `CREATE ROLE "New one" NOLOGIN; DO $$ BEGIN CREATE ROLE other; END $$;
    CREATE TABLE t (); GRANT SELECT ON t TO "New one", other;`
  const what = { major: NO_OTHER_ROAD, migrations: await migrationsOf(sql), ledger: null, roles: [] }
  const catalog = await withNamed((scratch) => replayOnScratch({ scratch }, what))
  expect(JSON.stringify(catalog.objects)).toContain('New one')
  expect(catalog.lacking).toBeUndefined()
  expect(await roles()).toEqual(before)
})

test('what no road has is told to the work', async () => {
  const wish = { extensions: ['hstore', 'nowhere'] }
  const lent = await withNamed((scratch) =>
    scratch.withDatabase(NO_OTHER_ROAD, (_, choice) => Promise.resolve(choice), wish),
  )
  expect(lent).toEqual({ road: 'named', missing: ['nowhere'] })
})

test('runs take turns, so that none drops the roles of another', async () => {
  const steps: string[] = []
  const run = (name: string) =>
    withNamed((scratch) =>
      scratch.withDatabase(NO_OTHER_ROAD, async (target) => {
        steps.push(`${name} in`)
        await execute(target, 'SELECT pg_sleep(0.2)')
        steps.push(`${name} out`)
      }),
    )
  await Promise.all([run('a'), run('b')])
  expect(steps.map((step) => step.slice(2))).toEqual(['in', 'out', 'in', 'out'])
})

test('what a killed run left is dropped by the next: databases after an hour, roles at once, and nothing else', async () => {
  const program = `
    import { parseTarget } from './lib/postgres/target.ts'
    import { withClient } from './lib/postgres/client.ts'
    import { makeRoles } from './lib/schema/make-roles.ts'
    import { withScratch } from './lib/scratch/scratch.ts'
    const named = async () => ({ target: parseTarget(process.argv[1]), watched: [] })
    await withScratch((scratch) => scratch.withDatabase(${NO_OTHER_ROAD}, async (target) => {
      await withClient(target, 'testing', (client) => makeRoles(client, ['orphan']))
      process.kill(process.pid, 'SIGKILL')
    }), { named })`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program, targetUrl(named)])
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
  const [left = ''] = await databases()
  expect(left).toMatch(/^scratch_\d{10}_/)
  expect(await roles()).toContain('orphan')
  const anHourAgo = Math.floor(Date.now() / 1_000) - 3_601
  const old = `scratch_${anHourAgo}_0123456789ab`
  await execute(named, `CREATE DATABASE ${old}`)
  await execute(named, `CREATE DATABASE scratch_of_somebody`)
  await withNamed((scratch) => scratch.withDatabase(NO_OTHER_ROAD, () => Promise.resolve()))
  expect((await databases()).toSorted()).toEqual([left, 'scratch_of_somebody'].toSorted())
  expect(await roles()).not.toContain('orphan')
  expect(await roles()).toContain('theirs')
})

const lend = (target: Target, watched: Target[] = []) =>
  withNamed((scratch) => scratch.withDatabase(NO_OTHER_ROAD, () => Promise.reject(new Error('lent'))), target, watched)

test.each<[string, string, RegExp]>([
  ['may not create databases', 'LOGIN', /does not let .* create databases .*CREATEDB/],
  ['may only read', 'LOGIN CREATEDB', /is read-only/],
])('a role that %s is told so, and what it needs', async (what, attributes, words) => {
  const user = `role_${attributes.length}`
  await execute(named, `CREATE ROLE ${user} ${attributes} PASSWORD 'pass'`)
  if (what === 'may only read') await execute(named, `ALTER ROLE ${user} SET default_transaction_read_only = on`)
  const error = await lend({ ...named, user, password: new Secret('pass') }).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'scratch.unavailable' })
  expect(describeError(error)).toMatch(words)
})

test('a role that is no superuser will do', async () => {
  await execute(named, `CREATE ROLE helper LOGIN CREATEDB CREATEROLE PASSWORD 'pass'`)
  const before = [await roles(), await databases()]
  const sql = 'CREATE TABLE t (); GRANT SELECT ON t TO app;'
  await withNamed(
    (scratch) =>
      scratch.withDatabase(NO_OTHER_ROAD, async (target) => {
        await replayMigrations(target, await migrationsOf(sql), { roles: ['app'] })
        expect(await roles()).toContain('app')
      }),
    { ...named, user: 'helper', password: new Secret('pass') },
  )
  expect([await roles(), await databases()]).toEqual(before)
})

test('a watched database is never scratch, by whatever name', async () => {
  for (const watched of [named, { ...named, host: 'localhost' }]) {
    await expect(lend(named, [watched])).rejects.toMatchObject({
      code: 'scratch.unavailable',
      message: expect.stringContaining('is the watched database'),
    })
  }
  const elsewhere = [
    { ...named, database: 'postgres' },
    { ...named, host: '127.0.0.1', port: 1 },
  ]
  await expect(lend(named, elsewhere)).rejects.toThrow('lent')
})

test('a server that cannot be reached is named', async () => {
  await expect(lend({ ...named, port: 1 })).rejects.toMatchObject({
    code: 'postgres.unreachable',
    message: expect.stringContaining('asking the scratch server'),
  })
})

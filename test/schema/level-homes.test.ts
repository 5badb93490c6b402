import { expect, test } from 'vitest'
import { withSnapshot } from '../../lib/postgres/client.ts'
import { levelHomes, type Home } from '../../lib/schema/access/level-homes.ts'
import { diffCatalogs } from '../../lib/schema/diff-catalogs.ts'
import { readLive } from '../../lib/schema/read-live.ts'
import { allRepairs } from '../../lib/schema/repair/all-repairs.ts'
import { ANY_MAJOR, execute, testDatabase, testRole } from '../support/database.ts'

const THINGS = `
  CREATE TABLE users (id serial PRIMARY KEY); CREATE VIEW "All" AS SELECT id FROM users; CREATE MATERIALIZED VIEW kept AS SELECT 1 AS one;
  CREATE SEQUENCE tickets; CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE SCHEMA app; CREATE TYPE mood AS ENUM ('sad')`

const TO = (role: string): string =>
  [
    'TABLE users',
    'VIEW "All"',
    'MATERIALIZED VIEW kept',
    'SEQUENCE tickets',
    'FUNCTION f(int)',
    'SCHEMA app',
    'TYPE mood',
  ]
    .map((each) => `ALTER ${each} OWNER TO ${role};`)
    .join('\n')

function between(expected: Home, actual: Home): ReturnType<typeof diffCatalogs> {
  return diffCatalogs(...levelHomes(expected, actual))
}

test('where no ledger tells who deploys, all that is another role’s in one of two databases is told, and goes back', async () => {
  const database = await testDatabase(ANY_MAJOR, THINGS)
  const { user } = await testRole(database, ANY_MAJOR)
  const read = async (): Promise<Home> => await withSnapshot(database, 'testing', (client) => readLive(client, null))
  const mine = await read()
  await execute(database, TO(user))
  const theirs = await read()
  expect([mine.catalog.owner, theirs.catalog.owner, theirs.databaseOwner]).toEqual(['postgres', user, 'postgres'])

  const [difference, ...others] = between(mine, theirs)
  expect([difference?.kind, others]).toEqual(['unexpected', []])
  const [expected, actual] = levelHomes(mine, theirs)
  const repair = allRepairs([difference!], { expected, actual }).get(difference!)
  expect(repair?.adopt?.map(({ sql }) => sql).join('\n')).toContain(`ALTER TABLE "public"."users" OWNER TO "${user}"`)
  const [back] = between(theirs, mine)
  const [turned, levelled] = levelHomes(theirs, mine)
  const other = allRepairs([back!], { expected: turned, actual: levelled }).get(back!)
  expect(other?.adopt?.map(({ sql }) => sql)).toContain('ALTER SCHEMA "app" OWNER TO CURRENT_USER')

  // What comes again is whose it was.
  await execute(database, 'DROP VIEW "All"')
  const less = await read()
  const [gone, ...more] = between(theirs, less)
  expect([gone?.kind, more]).toEqual(['missing', []])
  const [all, few] = levelHomes(theirs, less)
  const again = allRepairs([gone!], { expected: all, actual: few }).get(gone!)
  await execute(database, again?.database?.map(({ sql }) => `${sql};`).join('\n') ?? '')
  expect(between(theirs, await read())).toEqual([])

  await execute(database, repair?.database?.map(({ sql }) => `${sql};`).join('\n') ?? '')
  expect(between(mine, await read())).toEqual([])

  // The ledger is its owner's, whoever owns the database.
  await execute(database, `${TO(user)}; CREATE SCHEMA drizzle; CREATE TABLE drizzle.__drizzle_migrations (id serial)`)
  await execute(
    database,
    `ALTER SCHEMA drizzle OWNER TO ${user}; ALTER TABLE drizzle.__drizzle_migrations OWNER TO ${user}`,
  )
  const deployed = await read()
  expect(deployed.databaseOwner).toBeNull()
  expect(between(mine, deployed)).toEqual([])
})

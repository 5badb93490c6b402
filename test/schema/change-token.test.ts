import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withSnapshot } from '../../lib/postgres/client.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { readChangeToken } from '../../lib/schema/change-token.ts'
import { NOT_WATCHED, WATCHED } from '../../lib/schema/sql/change-token.ts'
import { execute, MAJORS, OLDEST_AND_NEWEST, serverTarget, testDatabase, testRole } from '../support/database.ts'
import { DRIFT_CASES } from './drift-cases.ts'
import { PROOF_CASES } from './drift-cases-proof.ts'
import { PARTITION_CASES } from './drift-cases-partitions.ts'
import { STRUCTURE_CASES } from './drift-cases-structure.ts'
import { SURROUNDING_CASES } from './drift-cases-surroundings.ts'
import { ONE_OF_EVERYTHING } from './one-of-everything.ts'

const CASES = [...DRIFT_CASES, ...STRUCTURE_CASES, ...SURROUNDING_CASES, ...PARTITION_CASES, ...PROOF_CASES]

function connectionTo(target: Target): pg.Client {
  return new pg.Client({ ...target, password: target.password?.reveal() })
}

async function tokenOf(target: Target): Promise<string> {
  return await withSnapshot(target, 'testing', readChangeToken)
}

test.each(MAJORS)('every catalog of Postgres %i is watched, or left out for a reason', async (major) => {
  const rows = await execute<{ relname: string }>(
    serverTarget(major),
    `SELECT relname FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r' ORDER BY relname`,
  )
  const known = [...Object.keys(WATCHED), ...Object.keys(NOT_WATCHED)]
  expect(rows.map(({ relname }) => relname)).toEqual(known.toSorted())
})

describe.each(OLDEST_AND_NEWEST)('on Postgres %i', (major) => {
  const name = `token_${randomBytes(6).toString('hex')}`
  const owner = `${name}_owner`
  let before: string
  const { host, port, user, password, database } = serverTarget(major, name)
  const client = new pg.Client({ host, port, user, password: password?.reveal(), database })

  beforeAll(async () => {
    await execute(serverTarget(major), `CREATE DATABASE ${name} TEMPLATE template0 STRATEGY FILE_COPY`)
    await client.connect()
    await client.query(ONE_OF_EVERYTHING)
    await client.query(`CREATE ROLE ${owner}; CREATE TABLE app.owned (); ALTER TABLE app.owned OWNER TO ${owner}`)
    before = await readChangeToken(client)
  })

  afterAll(async () => {
    await client.end()
    await execute(serverTarget(major), `DROP DATABASE ${name} WITH (FORCE)`)
    await execute(serverTarget(major), `DROP ROLE ${owner}`)
  })

  async function movedBy(change: string): Promise<boolean> {
    // A transaction sees its own rows, with its own xmin: what it will have changed once it is committed.
    await client.query(`BEGIN; SET LOCAL search_path = ''`)
    try {
      await client.query(change)
      return before !== (await readChangeToken(client))
    } finally {
      await client.query('ROLLBACK')
    }
  }

  test('every change that drift is made of moves the token', async () => {
    const unmoved: string[] = []
    for (const change of new Set([
      ...CASES.filter(({ since = 0 }) => since <= major).map((each) => each.change),
      ...FURTHER_CHANGES,
      `ALTER ROLE ${owner} RENAME TO ${owner}_2`,
    ])) {
      if (!(await movedBy(change))) unmoved.push(change)
    }
    expect(unmoved).toEqual([])
    // What other tests do meanwhile to roles and settings of the whole server moves it, too: two reads in a row agree as soon as they pause.
    await expect
      .poll(
        async () => {
          before = await readChangeToken(client)
          return await movedBy('SELECT 1')
        },
        { timeout: 20_000 },
      )
      .toBe(false)
  })

  test('what is no change of schema leaves it', async () => {
    const target = await testDatabase(major, [
      ONE_OF_EVERYTHING,
      `INSERT INTO app.teams (name) SELECT 'team ' || n FROM generate_series(1, 100) n`,
    ])
    const original = await tokenOf(target)
    await execute(
      target,
      `INSERT INTO app.teams (name) VALUES ('another'); UPDATE app.teams SET name = name || '!'; DELETE FROM app.teams WHERE id > 50;
       SELECT nextval('app.tickets'), setval('app.users_id_seq', 77); ANALYZE`,
    )
    await execute(target, 'VACUUM (FREEZE)')
    await execute(target, 'VACUUM ANALYZE')
    expect(await tokenOf(target)).toBe(original)
    const session = connectionTo(target)
    await session.connect()
    await session.query(
      `CREATE TEMP TABLE t (id serial PRIMARY KEY, a text DEFAULT 'x' CHECK (a <> ''), b int REFERENCES pg_temp.t);
       CREATE INDEX ON t (a); CREATE TEMP VIEW v AS SELECT a FROM t; CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
    )
    const during = await tokenOf(target)
    await session.end()
    expect(during).toBe(original)
    expect(await tokenOf(target)).toBe(original)
  })

  test('as many rows as before, of an older transaction that ends later, or of the same names', async () => {
    const target = await testDatabase(
      major,
      `CREATE TABLE a (x int); CREATE TABLE b (x int); COMMENT ON TABLE a IS 'first'`,
    )
    const [older, younger] = [connectionTo(target), connectionTo(target)]
    await Promise.all([older.connect(), younger.connect()])
    const seen = [await tokenOf(target)]
    await older.query('BEGIN; ALTER TABLE a ALTER x SET STATISTICS 7')
    await younger.query('ALTER TABLE b ALTER x SET STATISTICS 7')
    seen.push(await tokenOf(target))
    await older.query('COMMIT')
    seen.push(await tokenOf(target))
    await older.query(`COMMENT ON TABLE a IS NULL`)
    await older.query('VACUUM pg_description')
    seen.push(await tokenOf(target))
    await older.query(`COMMENT ON TABLE a IS 'first'`)
    seen.push(await tokenOf(target))
    expect(new Set(seen).size).toBe(5)
    await Promise.all([older.end(), younger.end()])
  })

  test('two databases that were made alike have tokens of their own; so have two readers', async () => {
    const [one, other] = [await testDatabase(major), await testDatabase(major)]
    expect(await tokenOf(one)).not.toBe(await tokenOf(other))
    const stranger = await testRole(one, major)
    expect(await tokenOf(stranger)).toBe(await tokenOf(stranger))
    expect(await tokenOf(stranger)).not.toBe(await tokenOf(one))
  })
})

/** Beside the drift cases: one for each watched catalog that those do not touch. */
const FURTHER_CHANGES = [
  'GRANT SELECT ON app.teams TO PUBLIC',
  'GRANT SELECT (name) ON app.teams TO PUBLIC',
  'GRANT CREATE ON SCHEMA public TO PUBLIC',
  'REVOKE EXECUTE ON FUNCTION app.touch() FROM PUBLIC',
  'REVOKE USAGE ON TYPE app.mood FROM PUBLIC',
  'REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC',
  'ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC',
  'ALTER TABLE app.teams OWNER TO pg_monitor',
  'ALTER SCHEMA public OWNER TO pg_monitor',
  'ALTER TABLE app.teams SET (toast.autovacuum_enabled = off)',
  'ALTER TABLE app.users DISABLE TRIGGER ALL',
  'ALTER SEQUENCE app.tickets OWNED BY app.teams.name',
  'ALTER SEQUENCE app.users_id_seq OWNED BY NONE',
  'CREATE EXTENSION pg_trgm SCHEMA public',
  'CREATE EXTENSION pg_trgm SCHEMA public; ALTER EXTENSION pg_trgm ADD TABLE app.teams',
  'ALTER EXTENSION plpgsql ADD FUNCTION app.touch()',
  `COMMENT ON EXTENSION plpgsql IS 'another'`,
  `COMMENT ON FUNCTION app.touch() IS 'another'`,
  'CREATE STATISTICS app.s ON id, email FROM app.users',
  'CREATE PUBLICATION p FOR TABLE app.teams',
  'CREATE PUBLICATION p FOR TABLES IN SCHEMA app',
  `CREATE SUBSCRIPTION s CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false)`,
  `CREATE FOREIGN DATA WRAPPER w`,
  `CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w`,
  `CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE USER MAPPING FOR PUBLIC SERVER s`,
  `CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE app.f (a int) SERVER s`,
  `CREATE TYPE app.r AS RANGE (subtype = float8)`,
  `CREATE CAST (app.mood AS integer) WITH INOUT`,
  `CREATE OPERATOR app.=== (leftarg = integer, rightarg = integer, function = int4pl)`,
  `CREATE OPERATOR FAMILY app.fam USING btree`,
  `CREATE OPERATOR FAMILY app.fam USING btree; ALTER OPERATOR FAMILY app.fam USING btree ADD OPERATOR 1 < (int4, int8)`,
  `CREATE AGGREGATE app.agg (integer) (sfunc = int4pl, stype = integer)`,
  `CREATE COLLATION app.german FROM "C"`,
  `CREATE CONVERSION app.conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8`,
  `CREATE TEXT SEARCH DICTIONARY app.dict (TEMPLATE = simple)`,
  `CREATE TEXT SEARCH CONFIGURATION app.conf (COPY = simple); ALTER TEXT SEARCH CONFIGURATION app.conf ALTER MAPPING FOR word WITH english_stem`,
  `CREATE FUNCTION app.ev() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION app.ev()`,
  `CREATE RULE quiet AS ON DELETE TO app.teams DO INSTEAD NOTHING`,
  `CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler`,
  `CREATE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal))`,
  `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = ''5MB''', current_database()); END $$`,
  `DO $$ BEGIN EXECUTE format('ALTER ROLE %I IN DATABASE %I SET work_mem = ''5MB''', current_user, current_database()); END $$`,
  `DO $$ BEGIN EXECUTE format('COMMENT ON DATABASE %I IS ''another''', current_database()); END $$`,
  `DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO PUBLIC', current_database()); END $$`,
]

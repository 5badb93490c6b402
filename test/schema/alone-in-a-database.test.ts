// Statements of kinds that a database has none of are not sent: one object of a kind must be enough that they are.
import { expect, test } from 'vitest'
import { withClient } from '../../lib/postgres/client.ts'
import { objectKey, type Catalog } from '../../lib/schema/catalog.ts'
import { OLDEST_AND_NEWEST, testDatabase } from '../support/database.ts'
import { catalogAfter, catalogOf } from './support.ts'

const MINE = 'pg_monitor'
const SERVER = 'CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w'

/** A statement in an empty database, and the object or `role: fact` that must be read then. */
const ALONE: [statement: string, told: string][] = [
  ['CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler', 'access method heap2'],
  ['CREATE AGGREGATE public.a (integer) (sfunc = int4pl, stype = integer)', 'aggregate public.a(integer)'],
  ['CREATE CAST (integer AS point) WITH INOUT', 'cast integer AS point'],
  [`CREATE COLLATION public.c FROM "C"; ALTER COLLATION public.c OWNER TO ${MINE}`, `${MINE}: owns collation public.c`],
  [`CREATE COLLATION public.c FROM "C"`, 'collation public.c'],
  [
    `CREATE CONVERSION public.c FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8; ALTER CONVERSION public.c OWNER TO ${MINE}`,
    `${MINE}: owns conversion public.c`,
  ],
  [
    `CREATE OPERATOR public.=== (leftarg = integer, rightarg = integer, function = int4pl); ALTER OPERATOR public.=== (integer, integer) OWNER TO ${MINE}`,
    `${MINE}: owns operator public.===(integer,integer)`,
  ],
  [
    `CREATE OPERATOR FAMILY public.f USING btree; ALTER OPERATOR FAMILY public.f USING btree OWNER TO ${MINE}`,
    `${MINE}: owns operator family public.f USING btree`,
  ],
  [
    `CREATE TEXT SEARCH DICTIONARY public.d (TEMPLATE = simple); ALTER TEXT SEARCH DICTIONARY public.d OWNER TO ${MINE}`,
    `${MINE}: owns text search dictionary public.d`,
  ],
  [
    `CREATE TEXT SEARCH CONFIGURATION public.c (COPY = simple); ALTER TEXT SEARCH CONFIGURATION public.c OWNER TO ${MINE}`,
    `${MINE}: owns text search configuration public.c`,
  ],
  ['CREATE TEXT SEARCH TEMPLATE public.t (lexize = dsimple_lexize)', 'text search template public.t'],
  [
    `CREATE TABLE public.t (a int, b int); CREATE STATISTICS public.s ON a, b FROM public.t; ALTER STATISTICS public.s OWNER TO ${MINE}`,
    `${MINE}: owns statistics object public.s`,
  ],
  [`CREATE PUBLICATION p FOR ALL TABLES`, 'publication p'],
  [`CREATE DOMAIN public.d AS integer`, 'domain public.d'],
  [`CREATE TYPE public.r AS RANGE (subtype = float8)`, 'range type public.r'],
  [`CREATE TYPE public.c AS (a integer)`, 'composite type public.c'],
  [`CREATE TABLE public.t (); CREATE RULE r AS ON DELETE TO public.t DO INSTEAD NOTHING`, 'rule public.t.r'],
  [`CREATE TABLE public.t (); CREATE TABLE public.u () INHERITS (public.t)`, 'table public.u: inherits'],
  [
    `CREATE FOREIGN DATA WRAPPER w; GRANT USAGE ON FOREIGN DATA WRAPPER w TO ${MINE}`,
    `${MINE}: foreign data wrapper w`,
  ],
  [`${SERVER}; GRANT USAGE ON FOREIGN SERVER s TO ${MINE}`, `${MINE}: server s`],
  [`${SERVER}; CREATE USER MAPPING FOR PUBLIC SERVER s`, 'user mapping PUBLIC on s'],
  [`${SERVER}; CREATE FOREIGN TABLE public.f (a integer) SERVER s`, 'foreign table public.f'],
  [`REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC`, 'PUBLIC: language plpgsql'],
  [`ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO ${MINE}`, `${MINE}: future tables`],
  [
    `DO $$ BEGIN EXECUTE format('ALTER ROLE %I IN DATABASE %I SET work_mem = ''5MB''', current_user, current_database()); END $$`,
    'postgres: settings',
  ],
]

/** Every object and every fact, in words. */
function told(catalog: Catalog): Set<string> {
  return new Set(
    catalog.objects.flatMap((object) => [
      objectKey(object),
      ...Object.keys(object.attributes).map(
        (fact) => `${object.class === 'role' ? object.name : objectKey(object)}: ${fact}`,
      ),
    ]),
  )
}

test.each(OLDEST_AND_NEWEST)('on Postgres %i, whatever is the only one of its kind is read', async (major) => {
  const target = await testDatabase(major)
  const before = told(await catalogOf(target))
  await withClient(
    target,
    'testing',
    async (client) => {
      for (const [statement, expected] of ALONE) {
        expect(before).not.toContain(expected)
        expect([statement, [...told(await catalogAfter(client, statement))]]).toEqual([
          statement,
          expect.arrayContaining([expected]),
        ])
      }
    },
    { pipeline: true },
  )
})

import { expect, test } from 'vitest'
import { withClient } from '../../lib/postgres/client.ts'
import type { Target } from '../../lib/postgres/target.ts'
import type { Catalog } from '../../lib/schema/catalog.ts'
import { diffCatalogs } from '../../lib/schema/diff-catalogs.ts'
import type { Difference } from '../../lib/schema/difference.ts'
import { foldIdentity } from '../../lib/schema/fold-identity.ts'
import { allRepairs, type BothWays } from '../../lib/schema/repair/all-repairs.ts'
import { inRepairOrder } from '../../lib/schema/repair/repair-order.ts'
import { turnedDifference } from '../../lib/schema/turned-difference.ts'
import { OLDEST_AND_NEWEST, testDatabase } from '../support/database.ts'
import { catalogOf } from './support.ts'

/** What leans on one another across what one repair brings. */
const WOVEN = `
  CREATE SCHEMA one; CREATE SCHEMA two; CREATE TYPE one.color AS ENUM ('red'); CREATE TYPE two.size AS ENUM ('s', 'l');
  CREATE TABLE one.shirt (id serial PRIMARY KEY, size two.size NOT NULL DEFAULT 's');
  CREATE TABLE two.box (id int PRIMARY KEY, color one.color, shirt int REFERENCES one.shirt);
  CREATE VIEW one.packed AS SELECT b.id, s.size FROM two.box b JOIN one.shirt s ON s.id = b.shirt;
  CREATE TABLE leaf (id int, n text); CREATE FUNCTION vein(leaf) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1.n';
  CREATE INDEX leaf_vein ON leaf (vein(leaf)); CREATE VIEW veins AS SELECT vein(leaf) FROM leaf;
  ALTER TABLE leaf ADD CONSTRAINT has_vein CHECK (vein(leaf) <> '');
  CREATE FUNCTION alike(int, text) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1::text = $2';
  CREATE OPERATOR === (FUNCTION = alike, LEFTARG = int, RIGHTARG = text);
  CREATE DOMAIN only_one AS int CHECK (VALUE === '1');
  CREATE TABLE pairs (a int, b text DEFAULT (1 === 'x')::text, CHECK (a === b)); CREATE VIEW paired AS SELECT a === b AS same FROM pairs;
  CREATE SCHEMA own; CREATE OPERATOR own.=== (FUNCTION = alike, LEFTARG = int, RIGHTARG = text);
  CREATE TABLE own.pairs (a int, b text, CHECK (a OPERATOR(own.===) b))`

const PAIRS: Record<string, [is: string, should: string]> = {
  'what is woven together comes, and what is everybody’s': ['DROP SCHEMA public', WOVEN],
  'what is woven together goes': [WOVEN, ''],
}

test.each(OLDEST_AND_NEWEST.flatMap((major) => Object.entries(PAIRS).map(([name, pair]) => ({ major, name, pair }))))(
  'on Postgres $major, $name: either way out works, and leaves nothing',
  async ({ major, pair: [is, should] }) => {
    const [actual, expected] = [await testDatabase(major, [is]), await testDatabase(major, [should])]
    const catalogs = { expected: await catalogOf(expected), actual: await catalogOf(actual) }
    const differences = inRepairOrder(foldIdentity(diffCatalogs(catalogs.expected, catalogs.actual)))
    expect(differences.length).toBeGreaterThan(3)
    const repairs = allRepairs(differences, catalogs)
    expect(await repaired(actual, differences, repairs, 'database', catalogs.expected)).toEqual([])
    const back = new Map(differences.map((each) => [turnedDifference(each), each]))
    const turned = inRepairOrder([...back.keys()]).map((each) => back.get(each)!)
    expect(await repaired(expected, turned, repairs, 'adopt', catalogs.actual)).toEqual([])
  },
)

async function repaired(
  target: Target,
  differences: readonly Difference[],
  repairs: ReadonlyMap<Difference, BothWays>,
  way: keyof BothWays,
  wanted: Catalog,
): Promise<Difference[]> {
  await withClient(target, 'testing', async (client) => {
    for (const each of differences) for (const { sql } of repairs.get(each)?.[way] ?? []) await client.query(sql)
  })
  return diffCatalogs(wanted, await catalogOf(target))
}

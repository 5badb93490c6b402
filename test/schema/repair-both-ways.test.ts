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
import { BELOW_IS, BELOW_SHOULD } from './below-pair.ts'
import { LEANING_IS, LEANING_SHOULD } from './leaning-pair.ts'
import { catalogOf } from './support.ts'
import { WAITING_IS, WAITING_SHOULD } from './waiting-pair.ts'

/** What leans on one another across what one repair brings. */
const WOVEN = `
  CREATE SCHEMA one; CREATE SCHEMA two; CREATE TYPE one.color AS ENUM ('red'); CREATE TYPE two.size AS ENUM ('s', 'l');
  CREATE TABLE one.shirt (id serial PRIMARY KEY, size two.size NOT NULL DEFAULT 's');
  CREATE TABLE two.box (id int PRIMARY KEY, color one.color, shirt int REFERENCES one.shirt);
  CREATE VIEW one.packed AS SELECT b.id, s.size FROM two.box b JOIN one.shirt s ON s.id = b.shirt;
  CREATE TABLE leaf (id int, n text); CREATE FUNCTION vein(leaf) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1.n';
  SET check_function_bodies = off;
  CREATE FUNCTION even(n int) RETURNS bool LANGUAGE sql AS 'SELECT n = 0 OR public.odd(n - 1)';
  CREATE FUNCTION odd(n int) RETURNS bool LANGUAGE sql AS 'SELECT n > 0 AND public.even(n - 1)';
  CREATE FUNCTION next_one() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM public.queue';
  CREATE TABLE queue (id bigint DEFAULT next_one()); CREATE VIEW z_seen AS SELECT id FROM queue;
  CREATE FUNCTION all_seen() RETURNS bool LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT count(*) FROM public.z_seen) > 0; END';
  ALTER TABLE queue ADD CONSTRAINT seen CHECK (all_seen());
  CREATE INDEX leaf_vein ON leaf (vein(leaf)); CREATE VIEW veins AS SELECT vein(leaf) FROM leaf;
  ALTER TABLE leaf ADD CONSTRAINT has_vein CHECK (vein(leaf) <> '');
  CREATE FUNCTION alike(int, text) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1::text = $2';
  CREATE OPERATOR === (FUNCTION = alike, LEFTARG = int, RIGHTARG = text);
  CREATE DOMAIN only_one AS int CHECK (VALUE === '1');
  CREATE TABLE pairs (a int, b text DEFAULT (1 === 'x')::text, CHECK (a === b)); CREATE VIEW paired AS SELECT a === b AS same FROM pairs;
  CREATE SCHEMA own; CREATE OPERATOR own.=== (FUNCTION = alike, LEFTARG = int, RIGHTARG = text);
  CREATE TABLE own.pairs (a int, b text, CHECK (a OPERATOR(own.===) b));
  CREATE TABLE goal (a int PRIMARY KEY); CREATE TABLE parted (a int, b int) PARTITION BY LIST (a);
  CREATE TABLE part (a int NOT NULL, b int, CONSTRAINT own_pk PRIMARY KEY (a), CONSTRAINT own_u UNIQUE (a, b), CONSTRAINT own_fk FOREIGN KEY (b) REFERENCES goal);
  CREATE INDEX own_idx ON part (b);
  ALTER TABLE parted ADD PRIMARY KEY (a), ADD CONSTRAINT parted_u UNIQUE (a, b), ADD FOREIGN KEY (b) REFERENCES goal;
  CREATE INDEX parted_idx ON parted (b); ALTER TABLE parted ATTACH PARTITION part FOR VALUES IN (1);
  CREATE SCHEMA loose; CREATE TABLE loose.z (id int); CREATE UNIQUE INDEX z_id ON loose.z (id); CREATE TABLE loose.a (id int REFERENCES loose.z (id));
  CREATE FOREIGN DATA WRAPPER wide; CREATE SERVER at_hand FOREIGN DATA WRAPPER wide; CREATE FOREIGN TABLE far (a int) SERVER at_hand;
  CREATE SCHEMA "order"; CREATE TABLE "order"."user" ("select" int PRIMARY KEY, "q""t" text); CREATE SCHEMA "group";
  CREATE PUBLICATION none_below FOR TABLE "order"."user" ("select", "q""t") WHERE ("select" > 3); CREATE TABLE "group".heir (x int) INHERITS ("order"."user");
  SET search_path = loose; CREATE FUNCTION loose.few() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM z';
  SET search_path = one, public; CREATE FUNCTION one.hue() RETURNS text LANGUAGE plpgsql AS 'DECLARE c color; BEGIN RETURN c; END'`

/** A key that comes to a partition with its table's, and is called otherwise there. */
const PARTED =
  'CREATE TABLE split (a int NOT NULL) PARTITION BY LIST (a); CREATE TABLE split_1 PARTITION OF split FOR VALUES IN (1);'
const KEYED = 'ALTER TABLE split ADD PRIMARY KEY (a); ALTER INDEX split_1_pkey RENAME TO own;'

/** A generated column, with all that can stand on one; and columns whose values come from a sequence of either kind. */
const COUNTED = (sum: string, ids: string[]) => `
  CREATE TABLE sums (a int, b int, g int GENERATED ALWAYS AS (${sum}) STORED, CONSTRAINT both_key UNIQUE (a, g), CHECK (g > 0));
  CREATE INDEX sums_g ON sums (g); COMMENT ON INDEX sums_g IS 'x'; CREATE INDEX sums_few ON sums (a) WHERE g > 1;
  CREATE VIEW shown AS SELECT g FROM sums; CREATE STATISTICS both_stats ON a, g FROM sums; COMMENT ON COLUMN sums.g IS 'sum';
  ALTER TABLE sums ENABLE ROW LEVEL SECURITY; CREATE POLICY few ON sums USING (g > 0); GRANT SELECT (g) ON sums TO PUBLIC;
  CREATE TABLE referring (a int, g int, FOREIGN KEY (a, g) REFERENCES sums (a, g));
  CREATE TABLE told (a int, g int); CREATE PUBLICATION heard FOR TABLE sums (a);
  ${ids.map((id, index) => `CREATE TABLE numbered_${index} (id ${id} PRIMARY KEY);`).join('')}`

const FAR = (columns: string): string =>
  `CREATE FOREIGN DATA WRAPPER wide; CREATE SERVER at_hand FOREIGN DATA WRAPPER wide; CREATE FOREIGN TABLE far (${columns}) SERVER at_hand;`

/** What is made anew, since it cannot change where it stands. */
const ANEW = (labels: string, base: string, locale: string): string => `
  CREATE TYPE tone AS ENUM (${labels}); CREATE TABLE toned (tone tone DEFAULT 'it''s', tones tone[]); INSERT INTO toned VALUES ('it''s', '{dark}');
  CREATE DOMAIN weight AS ${base} CHECK (VALUE <> ''); CREATE TABLE weights (w weight); CREATE COLLATION sorting (LOCALE = '${locale}');`

/** `once`: where it is so already, something stands in the way that is of another kind, or in another table. */
const PAIRS: Record<string, [is: string, should: string, once?: 'once']> = {
  'what is woven together comes, and what is everybody’s': ['DROP SCHEMA public', WOVEN],
  'what is woven together goes': [WOVEN, ''],
  'what leans on one another changes': [LEANING_IS, LEANING_SHOULD, 'once'],
  'what leans on one another changes back': [LEANING_SHOULD, LEANING_IS, 'once'],
  'what tables have that are below others': [BELOW_IS, BELOW_SHOULD],
  'what waits for a change, or for an extension': [WAITING_IS, WAITING_SHOULD, 'once'],
  'what has waited goes': [WAITING_SHOULD, WAITING_IS, 'once'],
  'what is counted otherwise': [
    'CREATE EXTENSION citext;' +
      ANEW(`'dark', 'it''s', 'light'`, 'text', 'C') +
      FAR('a int') +
      PARTED +
      COUNTED('a + b', ['serial', 'bigserial', 'int']),
    'CREATE SCHEMA extended; CREATE EXTENSION citext SCHEMA extended; CREATE SCHEMA more; CREATE EXTENSION hstore SCHEMA more;' +
      ANEW(`'it''s', 'dark'`, 'varchar(9) COLLATE "C"', 'POSIX') +
      FAR('a bigint, b int CHECK (b > 0)') +
      PARTED +
      KEYED +
      COUNTED('a * b', [
        'int GENERATED ALWAYS AS IDENTITY',
        'int GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME ids)',
        'serial',
      ]),
  ],
}

test.each(OLDEST_AND_NEWEST.flatMap((major) => Object.entries(PAIRS).map(([name, pair]) => ({ major, name, pair }))))(
  'on Postgres $major, $name: either way out works, and leaves nothing',
  async ({ major, pair: [is, should, once] }) => {
    const [actual, expected] = [await testDatabase(major, [is]), await testDatabase(major, [should])]
    const catalogs = { expected: await catalogOf(expected), actual: await catalogOf(actual) }
    const differences = inRepairOrder(
      foldIdentity(diffCatalogs(catalogs.expected, catalogs.actual)),
      catalogs.expected.objects,
    )
    expect(differences.length).toBeGreaterThan(3)
    const repairs = allRepairs(differences, catalogs)
    expect(await repaired(actual, differences, repairs, 'database', catalogs.expected)).toEqual([])
    const back = new Map(differences.map((each) => [turnedDifference(each), each]))
    const turned = inRepairOrder([...back.keys()], catalogs.actual.objects).map((each) => back.get(each)!)
    expect(await repaired(expected, turned, repairs, 'adopt', catalogs.actual)).toEqual([])
    // Where it is so already, a migration does nothing.
    const again = once === undefined ? await repaired(expected, turned, repairs, 'adopt', catalogs.actual) : []
    expect(again).toEqual([])
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

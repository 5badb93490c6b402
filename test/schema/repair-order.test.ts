import { expect, test } from 'vitest'
import { withClient } from '../../lib/postgres/client.ts'
import { verdict } from '../../lib/finding.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { repairScript } from '../../lib/report/repair-script.ts'
import { judgeCatalogs, NO_RULES } from '../../lib/schema/judge-catalogs.ts'
import { sampleRun } from '../report/sample-run.ts'
import { execute, OLDEST_AND_NEWEST, testDatabase } from '../support/database.ts'
import { catalogOf } from './support.ts'

const SHOULD = `
  CREATE TYPE size AS ENUM ('s', 'm', 'l');
  CREATE OPERATOR CLASS loose FOR TYPE int USING btree AS OPERATOR 3 =, OPERATOR 1 <, FUNCTION 1 btint4cmp(int, int);
  CREATE DOMAIN price AS bigint CHECK (VALUE > 0); CREATE DOMAIN alone AS text; COMMENT ON DOMAIN alone IS 'unused';
  CREATE TABLE priced (p price DEFAULT 5, q price[]); CREATE INDEX priced_p ON priced (p);
  CREATE TYPE color AS ENUM ('red');
  CREATE FUNCTION zero() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0';
  CREATE TABLE a_child (id int, z_id int, color color, n int DEFAULT zero());
  CREATE DOMAIN later AS text DEFAULT 'a';
  ALTER DOMAIN later ADD CONSTRAINT not_z CHECK (VALUE <> 'z') NOT VALID;
  CREATE TABLE z_parent (id int NOT NULL, made int DEFAULT zero(), key uuid, CONSTRAINT z_parent_pkey PRIMARY KEY (id));
  ALTER TABLE a_child ADD CONSTRAINT to_parent FOREIGN KEY (z_id) REFERENCES z_parent (id);
  CREATE TABLE z_new (id int PRIMARY KEY);
  CREATE TABLE a_new (id int PRIMARY KEY, z_id int REFERENCES z_new (id));
  CREATE TABLE numbered (a int GENERATED ALWAYS AS IDENTITY, b serial);
  CREATE SCHEMA whole;
  CREATE TYPE whole.state AS ENUM ('on', 'off');
  CREATE TABLE whole.things (id serial, state whole.state DEFAULT 'on');
  CREATE AGGREGATE total (int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
  CREATE VIEW totals AS SELECT total(id) FROM z_parent;
  CREATE INDEX n_idx ON a_child ((n + zero()));
  CREATE VIEW z_first AS SELECT id, n FROM a_child;
  CREATE VIEW a_second AS SELECT id, n FROM z_first WHERE n > zero();
  CREATE VIEW changed AS SELECT id FROM a_child;
  CREATE MATERIALIZED VIEW counted AS SELECT id, made FROM z_parent;
  CREATE UNIQUE INDEX counted_id ON counted (id);
  CREATE TYPE weather AS ENUM ('sun', 'rain', 'it''s snow');
  CREATE TYPE sky AS ENUM ('blue', 'grey');
  CREATE TYPE span AS RANGE (subtype = bigint, multirange_type_name = spans);
  REVOKE USAGE ON TYPE span FROM PUBLIC;
  CREATE TYPE reach AS RANGE (subtype = bigint);
  CREATE TABLE reaches (them reach_multirange);
  CREATE COLLATION words (LOCALE = 'C');
  CREATE TABLE days (at int, w weather DEFAULT 'sun' NOT NULL, more weather[] DEFAULT '{}') PARTITION BY LIST (at);
  CREATE TABLE days_1 PARTITION OF days (w DEFAULT 'rain') FOR VALUES IN (1);
  CREATE INDEX days_w ON days (w) WHERE more IS NOT NULL;
  CREATE TABLE days_2 PARTITION OF days FOR VALUES IN (2) PARTITION BY LIST (at);
  CREATE TABLE "Days 3" PARTITION OF days_2 DEFAULT;
  CREATE INDEX days_at ON days (at);
  ALTER INDEX days_1_at_idx RENAME TO "Own";
  ALTER INDEX days_2_at_idx RENAME TO second;
  ALTER INDEX "Days 3_at_idx" RENAME TO third;
  CREATE INDEX days_both ON days (at, w);
  ALTER INDEX days_1_at_w_idx RENAME TO days_both_1;
  COMMENT ON TYPE weather IS 'outside';
  REVOKE USAGE ON TYPE weather FROM PUBLIC;
  CREATE VIEW skies AS SELECT 'blue'::sky AS s;
  CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TABLE quiet (id int PRIMARY KEY, a int REFERENCES quiet, b int REFERENCES quiet);
  CREATE TABLE quieter (id int REFERENCES quiet);
  CREATE TRIGGER noted AFTER INSERT ON quiet FOR EACH ROW EXECUTE FUNCTION noted();
  CREATE TABLE hen (id int PRIMARY KEY, egg_id int);
  CREATE TABLE egg (id int PRIMARY KEY, hen_id int REFERENCES hen);
  ALTER TABLE hen ADD CONSTRAINT hen_egg FOREIGN KEY (egg_id) REFERENCES egg;
  CREATE TABLE shown (id int);
  GRANT SELECT ON hen TO pg_monitor;
  GRANT UPDATE (id) ON whole.things TO pg_monitor;
  CREATE FUNCTION hush() RETURNS int LANGUAGE sql AS 'SELECT 1';
  REVOKE EXECUTE ON FUNCTION hush() FROM PUBLIC;
  REVOKE DELETE ON egg FROM CURRENT_USER;
  CREATE PUBLICATION heard FOR TABLE hen (id) WHERE (id > 1), shown;
  CREATE PUBLICATION whole_heard FOR TABLE shown, TABLES IN SCHEMA whole`

const USED = (type: string, result: string, tag: string, include: string) => `
  CREATE TABLE used (id int, n ${type}, tag ${tag}, CONSTRAINT small CHECK (n < 9), CONSTRAINT used_pkey PRIMARY KEY (id) ${include});
  CREATE TABLE using_it (id int CONSTRAINT to_used REFERENCES used (id));
  CREATE INDEX used_tag ON used (tag ${tag}_ops);
  ALTER TABLE used ENABLE ROW LEVEL SECURITY;
  CREATE POLICY own ON used USING (n > 0);
  CREATE VIEW low AS SELECT id, n FROM used;
  CREATE MATERIALIZED VIEW high AS SELECT id, n FROM low;
  CREATE UNIQUE INDEX high_id ON high (id);
  CREATE FUNCTION lows() RETURNS SETOF low LANGUAGE sql AS 'SELECT * FROM public.low';
  GRANT SELECT (n) ON low TO PUBLIC;
  GRANT SELECT ON high TO PUBLIC;
  REVOKE EXECUTE ON FUNCTION lows() FROM PUBLIC;
  CREATE FUNCTION one() RETURNS ${result} LANGUAGE sql IMMUTABLE AS 'SELECT 1';
  CREATE VIEW ones AS SELECT one() AS one WHERE one() > 0;
  CREATE INDEX used_one ON used ((n + one()));
  ALTER TABLE used ADD CONSTRAINT more CHECK (n > one());`

const IS = `
  CREATE TYPE size AS ENUM ('s', 'l');
  CREATE OPERATOR CLASS loose FOR TYPE int USING btree AS OPERATOR 3 =, FUNCTION 1 btint4cmp(int, int);
  CREATE DOMAIN price AS int CHECK (VALUE > 0); CREATE DOMAIN alone AS int;
  CREATE TABLE priced (p price DEFAULT 5, q price[]); CREATE INDEX priced_p ON priced (p); INSERT INTO priced VALUES (7, '{8}');
  CREATE TYPE color AS ENUM ('red');
  CREATE TYPE old AS ENUM ('red');
  CREATE TABLE a_child (id int, z_id int, color old, extra int);
  CREATE TABLE z_parent (id int NOT NULL, made int, key int);
  CREATE TABLE numbered (a serial, b int GENERATED BY DEFAULT AS IDENTITY);
  CREATE AGGREGATE total (int) (SFUNC = int4pl, STYPE = int, INITCOND = '1');
  CREATE VIEW totals AS SELECT total(id) FROM z_parent;
  CREATE MATERIALIZED VIEW counted AS SELECT id FROM z_parent;
  CREATE VIEW a_base AS SELECT id, extra FROM a_child;
  CREATE VIEW b_on_base AS SELECT id FROM a_base;
  CREATE VIEW changed AS SELECT id, extra FROM a_base;
  CREATE TYPE weather AS ENUM ('rain', 'fog', 'sun', 'it''s snow');
  CREATE TYPE sky AS ENUM ('blue', 'red', 'grey');
  CREATE TYPE span AS RANGE (subtype = int, multirange_type_name = spans);
  REVOKE USAGE ON TYPE span FROM PUBLIC;
  CREATE TYPE reach AS RANGE (subtype = int);
  CREATE TABLE reaches (them reach_multirange);
  CREATE COLLATION words (LOCALE = 'POSIX');
  CREATE TABLE days (at int, w weather DEFAULT 'sun' NOT NULL, more weather[] DEFAULT '{}') PARTITION BY LIST (at);
  CREATE TABLE days_1 PARTITION OF days (w DEFAULT 'rain') FOR VALUES IN (1);
  CREATE INDEX days_w ON days (w) WHERE more IS NOT NULL;
  CREATE TABLE days_2 PARTITION OF days FOR VALUES IN (2) PARTITION BY LIST (at);
  CREATE TABLE "Days 3" PARTITION OF days_2 DEFAULT;
  CREATE INDEX days_both ON days (w, at);
  ALTER INDEX days_1_w_at_idx RENAME TO days_both_1;
  INSERT INTO days VALUES (1, 'it''s snow', '{rain,sun}');
  REVOKE USAGE ON TYPE weather FROM PUBLIC;
  CREATE VIEW skies AS SELECT 'blue'::sky AS s;
  CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TABLE quiet (id int PRIMARY KEY, a int REFERENCES quiet, b int REFERENCES quiet);
  CREATE TABLE quieter (id int REFERENCES quiet);
  CREATE TRIGGER noted AFTER INSERT ON quiet FOR EACH ROW EXECUTE FUNCTION noted();
  ALTER TABLE quiet DISABLE TRIGGER ALL;
  CREATE TABLE lock (id int PRIMARY KEY, key_id int);
  CREATE TABLE key (id int PRIMARY KEY, lock_id int REFERENCES lock);
  ALTER TABLE lock ADD CONSTRAINT lock_key FOREIGN KEY (key_id) REFERENCES key;
  CREATE TABLE shown (id int);
  CREATE PUBLICATION heard FOR TABLE shown;
  CREATE PUBLICATION whole_heard FOR TABLE shown`

/** Keys with others' foreign keys on them: both ends get another type, or the key goes and another comes. */
const TIED = (type: string, keys: string, more: string) => `
  CREATE TABLE org (id ${type} NOT NULL, code int NOT NULL, label ${type} NOT NULL, ${keys});
  CREATE TABLE member (org_id ${type} CONSTRAINT to_org REFERENCES org (id), code int CONSTRAINT to_code REFERENCES org (code));
  CREATE VIEW members AS SELECT m.code FROM member m JOIN org o ON o.id = m.org_id;
  ${more};`

const TIED_SHOULD = TIED(
  'uuid',
  'PRIMARY KEY (id), CONSTRAINT org_code_key UNIQUE (code), CONSTRAINT org_label_key UNIQUE (label)',
  'CREATE TABLE a_label (label uuid REFERENCES org (label))',
)
const TIED_IS = TIED(
  'bigint',
  'PRIMARY KEY (code), CONSTRAINT org_id_key UNIQUE (id)',
  'CREATE TABLE seat (org_id bigint REFERENCES org (id)); CREATE VIEW seats AS SELECT org_id FROM seat',
)

/** A schema whose parts lean on what comes after it, and on one another in no order of names or classes; what goes as it came. */
const WOVEN_SHOULD = `
  CREATE SCHEMA woven; CREATE TABLE loom (id int PRIMARY KEY, warp text);
  CREATE TYPE woven.z AS ENUM ('a'); CREATE DOMAIN woven.a AS woven.z;
  CREATE TABLE woven.cloth (id int REFERENCES loom, z woven.a DEFAULT 'a');
  CREATE VIEW woven.a_view AS SELECT id, warp FROM loom; GRANT SELECT ON woven.a_view TO PUBLIC;
  CREATE VIEW woven.z_first AS SELECT * FROM woven.cloth; CREATE VIEW woven.b_second AS SELECT * FROM woven.z_first;
  CREATE FUNCTION weave() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER weave BEFORE INSERT ON woven.cloth FOR EACH ROW EXECUTE FUNCTION weave();
  CREATE TABLE spun (id int DEFAULT 1, k int, s text, n int) PARTITION BY LIST (k);
  CREATE TABLE spun_1 PARTITION OF spun (id DEFAULT 2, s NOT NULL) FOR VALUES IN (1); CREATE INDEX spun_1_n ON spun_1 (n);
  CREATE TABLE users_of (id serial PRIMARY KEY); CREATE TABLE posts_of (u int REFERENCES users_of);
  CREATE TYPE typed AS (a int, b text); CREATE TABLE of_typed OF typed (b DEFAULT 'x');
  CREATE TABLE counted_on (id bigint); CREATE FUNCTION count_on() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM counted_on; END;
  ALTER TABLE counted_on ALTER id SET DEFAULT count_on();`
const WOVEN_IS = `
  CREATE TABLE loom (id int PRIMARY KEY);
  CREATE SCHEMA old; CREATE TABLE yarn (id int, hue text); CREATE VIEW old.hues AS SELECT hue FROM yarn;
  ALTER TABLE yarn RENAME TO thread; ALTER TABLE thread ADD weft text; CREATE VIEW old.wefts AS SELECT weft FROM thread;
  CREATE TABLE spun (id int DEFAULT 1, k int, s text) PARTITION BY LIST (k);
  CREATE TABLE accounts_of (id serial PRIMARY KEY, more int); ALTER SEQUENCE accounts_of_id_seq RENAME TO users_of_id_seq;
  ALTER TABLE accounts_of RENAME CONSTRAINT accounts_of_pkey TO users_of_pkey; CREATE TABLE posts_of (u int);
  ALTER TABLE posts_of ADD FOREIGN KEY (u) REFERENCES accounts_of;`

/** What has the name of something else, and what has a name of its own kind. */
const NAMED_SHOULD = `
  CREATE TABLE rows (id int); CREATE VIEW data AS SELECT id FROM rows; CREATE VIEW on_data AS SELECT id FROM data;
  CREATE TABLE touched (id int, at text);
  CREATE SCHEMA fn; CREATE FUNCTION fn.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER touch BEFORE INSERT ON touched FOR EACH ROW EXECUTE FUNCTION fn.touch();
  CREATE INDEX moved ON rows (id);
  CREATE TYPE z_pair AS (x int); CREATE DOMAIN a_pair AS z_pair;
  CREATE SEQUENCE narrow MINVALUE 5 START 7 MAXVALUE 500; CREATE SEQUENCE down INCREMENT -1 MAXVALUE -1;
  CREATE OPERATOR public.=% (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
  CREATE VIEW operated AS SELECT id FROM rows WHERE id OPERATOR(public.=%) 1;
  CREATE TEXT SEARCH CONFIGURATION plain (COPY = pg_catalog.simple);
  CREATE TABLE searched (a text, b tsvector GENERATED ALWAYS AS (to_tsvector('public.plain'::regconfig, a)) STORED);`
const NAMED_IS = `
  CREATE TABLE data (id int); CREATE VIEW on_data AS SELECT id FROM data;
  CREATE TABLE touched (id int, at text);
  CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
  CREATE TRIGGER touch BEFORE INSERT ON touched FOR EACH ROW EXECUTE FUNCTION touch();
  CREATE INDEX moved ON touched (id); CREATE SEQUENCE narrow; CREATE SEQUENCE down`

/** What is renamed while it is in the way of something else, and sequences of columns that come into other bounds. */
const MOVED_SHOULD = `
  CREATE TABLE person (id int GENERATED ALWAYS AS IDENTITY, "user" text, z bigint);
  CREATE VIEW persons AS SELECT "user" AS name, z FROM person; CREATE VIEW p_new AS SELECT name FROM persons;
  CREATE TABLE counts (a int GENERATED BY DEFAULT AS IDENTITY (START -100 MINVALUE -100 MAXVALUE 100),
    b bigint GENERATED ALWAYS AS IDENTITY (MAXVALUE 2147483647), c int GENERATED ALWAYS AS IDENTITY);
  CREATE TABLE sorted (k bigint) PARTITION BY LIST (k);
  CREATE DOMAIN strict AS text NOT NULL; CREATE TABLE stricts (them strict[]);
  CREATE TABLE listened (id bigint, n int); CREATE PUBLICATION listening FOR TABLE listened (id);
  CREATE TABLE one (a int); CREATE TABLE one_1 (e int DEFAULT 2) INHERITS (one); CREATE TABLE one_2 () INHERITS (one);`
const MOVED_IS = `
  CREATE TABLE person (id int GENERATED ALWAYS AS IDENTITY, "user name" text, z int);
  CREATE VIEW persons AS SELECT "user name" AS name, z FROM person; CREATE VIEW p_old AS SELECT name FROM persons;
  CREATE TABLE counts (a int GENERATED BY DEFAULT AS IDENTITY (START -200 MINVALUE -200 MAXVALUE 200),
    b int GENERATED ALWAYS AS IDENTITY, c bigint GENERATED ALWAYS AS IDENTITY (MAXVALUE 3000000000));
  INSERT INTO counts DEFAULT VALUES;
  CREATE TABLE sorted (k int) PARTITION BY LIST (k); CREATE DOMAIN strict AS text; CREATE TABLE stricts (them strict[]);
  CREATE TABLE listened (id int, n int); CREATE PUBLICATION listening FOR TABLE listened (id);
  CREATE TABLE one (a int, e int DEFAULT 1); CREATE TABLE one_1 () INHERITS (one); CREATE TABLE one_2 () INHERITS (one); INSERT INTO one_1 VALUES (1, 9)`

/** A domain with what can be over it. */
const HELD = (base: string): string => `
  CREATE DOMAIN base AS ${base} CHECK (VALUE > 0); CREATE DOMAIN nested AS base CHECK (VALUE < 100) DEFAULT 5;
  CREATE TABLE held (x base, y nested, z base[] DEFAULT '{}'); CREATE INDEX held_x ON held (x) WHERE y > 3;
  CREATE FUNCTION of_held(p base) RETURNS nested LANGUAGE sql AS 'SELECT 5'; CREATE VIEW seen_held AS SELECT x, of_held(3) FROM held;
  CREATE TYPE of_base AS (f base, n int); CREATE TYPE spread AS RANGE (subtype = base);
  CREATE TABLE spreads (s spread, m spread_multirange, EXCLUDE USING gist (s WITH &&));`

test.each(OLDEST_AND_NEWEST)(
  'on Postgres %i, all repairs work one after the other, as the script has them',
  async (major) => {
    const expected = await catalogOf(
      await testDatabase(major, [
        SHOULD,
        TIED_SHOULD,
        NAMED_SHOULD,
        MOVED_SHOULD,
        WOVEN_SHOULD,
        HELD('bigint'),
        USED('bigint', 'int', 'uuid', ''),
      ]),
    )
    const target = await testDatabase(major, [
      IS,
      TIED_IS,
      NAMED_IS,
      MOVED_IS,
      WOVEN_IS,
      `${HELD('int')} INSERT INTO held VALUES (1, 2, '{3}'); INSERT INTO spreads VALUES ('[1,3)', '{[1,2)}')`,
      USED('int', 'smallint', 'text', 'INCLUDE (n)'),
    ])
    const judge = async () =>
      judgeCatalogs('B', expected, await catalogOf(target), { rules: NO_RULES, now: new Date() }).findings
    const findings = await judge()
    expect(findings.length).toBeGreaterThan(10)
    expect(findings.map((each) => each.summary)).toContainEqual(
      expect.stringMatching(/^index public\.moved: ON public\.touched/),
    )
    expect(findings.filter(({ summary }) => /quiet/.test(summary)).map(({ summary }) => summary)).toEqual([
      expect.stringMatching(/not enforced .*; so it is with 3 others: .*trigger public\.quiet\.noted$/),
    ])
    // They lack what is missing itself, and get it back with that; what an owner took from itself is for a person.
    expect(findings.filter(({ subject }) => /publication|role/.test(subject.class))).toEqual([])
    const verdicts = [verdict('schema', 'B', 1, findings)]
    await runScript(target, repairScript({ ...sampleRun, verdicts }))
    // What the server refuses is for a person, and so is a table whose default reads it.
    expect((await judge()).map((each) => each.summary)).toEqual([
      'domain public.strict: nullable in B, NOT NULL in the migrations',
      'function public.count_on(): missing from B, though the migrations make it',
      'table public.counted_on: missing from B (with 1 column), though the migrations make it',
      'column public.listened.id: integer in B, bigint in the migrations',
      'column public.sorted.k: integer in B, bigint in the migrations',
      'role its owner: may DELETE on table public.egg in B, but not in the migrations',
    ])
    expect(await execute(target, 'SELECT p::int, q::text FROM priced')).toEqual([{ p: 7, q: '{8}' }])
    expect(
      await execute(target, 'SELECT x::text || y::text || z::text || s::text || m::text AS all FROM held, spreads'),
    ).toEqual([{ all: '12{3}[1,3){[1,2)}' }])
    expect(await execute(target, 'SELECT e FROM one_1')).toEqual([{ e: 9 }])
    expect(await execute(target, 'SELECT w::text, more::text FROM days')).toEqual([
      { w: "it's snow", more: '{rain,sun}' },
    ])
  },
)

/** As psql runs it: what stands in a transaction, and each other statement, by itself. */
async function runScript(target: Target, script: string): Promise<void> {
  const paragraphs = script.split('\n\n').map((each) => each.replaceAll(/^--.*\n?/gm, ''))
  await withClient(target, 'testing', async (client) => {
    let inTransaction = false
    for (const paragraph of paragraphs) {
      const statements = inTransaction ? [paragraph] : paragraph.split('\n')
      for (const statement of statements) await client.query(statement)
      if (paragraph.startsWith('BEGIN;')) inTransaction = true
      if (paragraph.startsWith('COMMIT;')) inTransaction = false
    }
  })
}

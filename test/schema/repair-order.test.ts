import { expect, test } from 'vitest'
import { withClient } from '../../lib/postgres/client.ts'
import { verdict } from '../../lib/finding.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { repairScript } from '../../lib/report/repair-script.ts'
import { judgeCatalogs, NO_RULES } from '../../lib/schema/judge-catalogs.ts'
import { sampleRun } from '../report/sample-run.ts'
import { OLDEST_AND_NEWEST, testDatabase } from '../support/database.ts'
import { catalogOf } from './support.ts'

const SHOULD = `
  CREATE TYPE size AS ENUM ('s', 'm', 'l');
  CREATE TYPE color AS ENUM ('red');
  CREATE FUNCTION zero() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0';
  CREATE TABLE a_child (id int, z_id int, color color, n int DEFAULT zero());
  CREATE DOMAIN later AS text DEFAULT 'a';
  ALTER DOMAIN later ADD CONSTRAINT not_z CHECK (VALUE <> 'z') NOT VALID;
  CREATE TABLE z_parent (id int NOT NULL, made int DEFAULT zero(), key uuid, CONSTRAINT z_parent_pkey PRIMARY KEY (id));
  ALTER TABLE a_child ADD CONSTRAINT to_parent FOREIGN KEY (z_id) REFERENCES z_parent (id);
  CREATE TABLE z_new (id int PRIMARY KEY);
  CREATE TABLE a_new (id int PRIMARY KEY, z_id int REFERENCES z_new (id));
  CREATE AGGREGATE total (int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
  CREATE VIEW totals AS SELECT total(id) FROM z_parent;
  CREATE INDEX n_idx ON a_child ((n + zero()));
  CREATE VIEW z_first AS SELECT id, n FROM a_child;
  CREATE VIEW a_second AS SELECT id, n FROM z_first WHERE n > zero();
  CREATE VIEW changed AS SELECT id FROM a_child;
  CREATE MATERIALIZED VIEW counted AS SELECT id, made FROM z_parent;
  CREATE UNIQUE INDEX counted_id ON counted (id)`

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
  CREATE TYPE color AS ENUM ('red');
  CREATE TYPE old AS ENUM ('red');
  CREATE TABLE a_child (id int, z_id int, color old, extra int);
  CREATE TABLE z_parent (id int NOT NULL, made int, key int);
  CREATE AGGREGATE total (int) (SFUNC = int4pl, STYPE = int, INITCOND = '1');
  CREATE VIEW totals AS SELECT total(id) FROM z_parent;
  CREATE MATERIALIZED VIEW counted AS SELECT id FROM z_parent;
  CREATE VIEW a_base AS SELECT id, extra FROM a_child;
  CREATE VIEW b_on_base AS SELECT id FROM a_base;
  CREATE VIEW changed AS SELECT id, extra FROM a_base`

test.each(OLDEST_AND_NEWEST)(
  'on Postgres %i, all repairs work one after the other, as the script has them',
  async (major) => {
    const expected = await catalogOf(await testDatabase(major, [SHOULD, USED('bigint', 'int', 'uuid', '')]))
    const target = await testDatabase(major, [IS, USED('int', 'smallint', 'text', 'INCLUDE (n)')])
    const judge = async () =>
      judgeCatalogs('B', expected, await catalogOf(target), { rules: NO_RULES, now: new Date() }).findings
    const findings = await judge()
    expect(findings.length).toBeGreaterThan(10)
    const verdicts = [verdict('schema', 'B', 1, findings)]
    await runScript(target, repairScript({ ...sampleRun, verdicts }))
    expect((await judge()).map((each) => each.summary)).toEqual([])
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

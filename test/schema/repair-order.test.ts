import { expect, test } from 'vitest'
import { withClient } from '../../lib/postgres/client.ts'
import { diffCatalogs } from '../../lib/schema/diff-catalogs.ts'
import { inRepairOrder } from '../../lib/schema/repair/repair-order.ts'
import { repairSteps } from '../../lib/schema/repair/repair-of.ts'
import { OLDEST_AND_NEWEST, testDatabase } from '../support/database.ts'
import { catalogOf } from './support.ts'

const SHOULD = `
  CREATE TYPE size AS ENUM ('s', 'm', 'l');
  CREATE TYPE color AS ENUM ('red');
  CREATE FUNCTION zero() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0';
  CREATE TABLE a_child (id int, z_id int, color color, n int DEFAULT zero());
  CREATE TABLE z_parent (id int NOT NULL, CONSTRAINT z_parent_pkey PRIMARY KEY (id));
  ALTER TABLE a_child ADD CONSTRAINT to_parent FOREIGN KEY (z_id) REFERENCES z_parent (id);
  CREATE INDEX n_idx ON a_child ((n + zero()));
  CREATE VIEW z_first AS SELECT id, n FROM a_child;
  CREATE VIEW a_second AS SELECT id, n FROM z_first WHERE n > zero();
  CREATE VIEW changed AS SELECT id FROM a_child`

const IS = `
  CREATE TYPE size AS ENUM ('s', 'l');
  CREATE TYPE color AS ENUM ('red');
  CREATE TYPE old AS ENUM ('red');
  CREATE TABLE a_child (id int, z_id int, color old, extra int);
  CREATE TABLE z_parent (id int NOT NULL);
  CREATE VIEW a_base AS SELECT id, extra FROM a_child;
  CREATE VIEW b_on_base AS SELECT id FROM a_base;
  CREATE VIEW changed AS SELECT id, extra FROM a_base`

test.each(OLDEST_AND_NEWEST)('on Postgres %i, all repairs work one after the other', async (major) => {
  const expected = await catalogOf(await testDatabase(major, SHOULD))
  const target = await testDatabase(major, IS)
  const differences = inRepairOrder(diffCatalogs(expected, await catalogOf(target)))
  const steps = differences
    // Neither is ever dropped, nor is there one that a person must see to.
    .filter(({ kind, ...each }) => !(kind === 'unexpected' && 'actual' in each && each.actual.object.class === 'enum'))
    .map((each) => repairSteps(each, 'database') ?? [])
  expect(steps.length).toBeGreaterThan(10)
  expect(steps.filter((each) => each.length === 0)).toEqual([])
  await withClient(target, 'testing', async (client) => {
    for (const { sql } of steps.flat()) await client.query(sql)
  })
  const left = diffCatalogs(expected, await catalogOf(target))
  expect(left.map((each) => `${each.kind} ${each.kind === 'unexpected' ? each.actual.object.name : ''}`)).toEqual([
    'unexpected public.old',
  ])
})

import { describe, expect, test } from 'vitest'
import { canonicalExpression } from '../../lib/schema/canonical-expression.ts'
import { diffCatalogs } from '../../lib/schema/diff-catalogs.ts'
import { schemaFindings } from '../../lib/schema/schema-findings.ts'
import { execute, OLDEST_AND_NEWEST, serverTarget, testDatabase } from '../support/database.ts'
import { catalogOf } from './support.ts'

const EXPRESSIONS = `
  CREATE TABLE t (
    a int, n int, b boolean, status varchar(20), at timestamptz, d interval DEFAULT '1 day 02:00', f float DEFAULT 0.1,
    CONSTRAINT c1 CHECK (status IN ('a', 'it''s, (b)')),
    CONSTRAINT c2 CHECK (status NOT IN ('a', 'b') AND a BETWEEN 1 AND 5),
    CONSTRAINT c3 CHECK (a BETWEEN 1 AND 5 AND b),
    CONSTRAINT c4 CHECK (a BETWEEN 1 AND 5 AND b AND a NOT BETWEEN 2 AND 3 OR (a IN (1, 2) OR b) OR status = 'AND (('),
    CONSTRAINT c5 CHECK (((b OR a > 1) OR a < 0) AND ((b AND a > 1) AND a < 0)),
    CONSTRAINT c6 CHECK (at > '2026-01-01 00:00:00+00'),
    CONSTRAINT c7 CHECK (((a, n), (n, a), a) IS DISTINCT FROM ((1, 2), (3, 4), 5)),
    CONSTRAINT c8 CHECK (((a, (n, a)), a) IS NOT DISTINCT FROM ((1, (2, 7)), n) OR (a, n) <> (1, 2)),
    CONSTRAINT c9 CHECK (((a, n), a) = ((1, abs(2)), 3) AND (a, n) < (1, 2))
  );
  CREATE INDEX i ON t (a) WHERE status IN ('x', 'y') AND a BETWEEN 1 AND 2 AND b;
  CREATE STATISTICS s ON (status IN ('x', 'y') AND a BETWEEN 1 AND 2 AND b), a FROM t;
  CREATE VIEW v AS SELECT a, a BETWEEN 1 AND 2 AND b AS within FROM t WHERE status IN ('x', 'y') AND a BETWEEN 3 AND 4 AND b;
  ALTER TABLE t ENABLE ROW LEVEL SECURITY;
  CREATE POLICY p ON t USING (a BETWEEN 1 AND 2 AND b) WITH CHECK (status IN ('x'));
  CREATE TABLE parted (a int, b boolean) PARTITION BY LIST ((a BETWEEN 1 AND 2 AND b));`

/** The same as DDL, in the server's own words, as pg_dump writes it. */
const WRITTEN_OUT = `
  SELECT 'CREATE TABLE public.t (' || string_agg(format('%I %s', attname, format_type(atttypid, atttypmod))
      || coalesce(' DEFAULT ' || pg_get_expr(adbin, adrelid), ''), ', ' ORDER BY attnum) || ')' AS ddl
    FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attrelid = 'public.t'::regclass AND attnum > 0
  UNION ALL SELECT format('ALTER TABLE public.t ADD CONSTRAINT %I %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE conrelid = 'public.t'::regclass AND contype = 'c'
  UNION ALL SELECT pg_get_indexdef('public.i'::regclass)
  UNION ALL SELECT pg_get_statisticsobjdef(oid) FROM pg_statistic_ext
  UNION ALL SELECT 'CREATE VIEW public.v AS ' || pg_get_viewdef('public.v'::regclass)
  UNION ALL SELECT 'ALTER TABLE public.t ENABLE ROW LEVEL SECURITY'
  UNION ALL SELECT 'CREATE TABLE public.parted (a int, b boolean) PARTITION BY ' || pg_get_partkeydef('public.parted'::regclass)
  UNION ALL SELECT format('CREATE POLICY p ON public.t USING (%s) WITH CHECK (%s)', pg_get_expr(polqual, polrelid),
    pg_get_expr(polwithcheck, polrelid)) FROM pg_policy`

describe.each(OLDEST_AND_NEWEST)('on Postgres %i', (major) => {
  test('expressions are the same after they were written out and read in again', async () => {
    const source = await testDatabase(major, EXPRESSIONS)
    const again = await testDatabase(major)
    for (const { ddl } of await execute<{ ddl: string }>(source, WRITTEN_OUT)) await execute(again, ddl)
    expect(diffCatalogs(await catalogOf(source), await catalogOf(again))).toEqual([])
  })

  test('constants do not depend on the settings of a role or database', async () => {
    const partitions = `CREATE TABLE m (at timestamptz) PARTITION BY RANGE (at);
      CREATE TABLE m1 PARTITION OF m FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2026-02-01 00:00:00+00')`
    const usual = await testDatabase(major, [EXPRESSIONS, partitions])
    const odd = await testDatabase(major, [EXPRESSIONS, partitions])
    for (const setting of [
      `timezone = 'Asia/Tokyo'`,
      `datestyle = 'German'`,
      `intervalstyle = 'iso_8601'`,
      'extra_float_digits = -3',
    ]) {
      await execute(serverTarget(major), `ALTER DATABASE ${odd.database} SET ${setting}`)
    }
    const findings = schemaFindings('odd', diffCatalogs(await catalogOf(usual), await catalogOf(odd)))
    // The settings are told as what they are, and nothing else is.
    expect(findings.map(({ subject }) => subject.class)).toEqual(['database'])
    expect(findings[0]?.actual).toContain('TimeZone=Asia/Tokyo')
  })
})

test.each([
  ['((a AND b) AND c)', '(a AND b AND c)'],
  ['(a AND (b AND c))', '(a AND (b AND c))'],
  ['((a OR b) AND c)', '((a OR b) AND c)'],
  ['(((a OR b) OR c) OR d)', '(a OR b OR c OR d)'],
  ["(('((a AND b) AND c)'::text = x) AND y)", "(('((a AND b) AND c)'::text = x) AND y)"],
  ['f((a AND b), c)', 'f((a AND b), c)'],
  [
    '((ROW(a, g(b, c)) IS DISTINCT FROM ROW(1, 2)) OR (c IS DISTINCT FROM 3))',
    '((a IS DISTINCT FROM 1) OR (g(b, c) IS DISTINCT FROM 2) OR (c IS DISTINCT FROM 3))',
  ],
  ['((ROW(a, b) < ROW(1, 2)) AND c)', '((ROW(a, b) < ROW(1, 2)) AND c)'],
  [
    "((x)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
    "((x)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text]))",
  ],
])('%s is written %s', (written, canonical) => {
  expect(canonicalExpression(written)).toBe(canonical)
})

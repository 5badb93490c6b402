import { expect, test } from 'vitest'
import { withClient } from '../../lib/postgres/client.ts'
import { castBetween } from '../../lib/schema/repair/cast-between.ts'
import { keepsRows, losesBetween, readsTimeZone } from '../../lib/schema/repair/value-loss.ts'
import { MAJORS, serverTarget } from '../support/database.ts'

/** Values that other types hold in part. */
const VALUES: Record<string, string[]> = {
  integer: ['16777217'],
  bigint: ['9007199254740993'],
  numeric: ['12345678901234567890.5'],
  'numeric(10,3)': ['4.567'],
  real: ['0.1'],
  'double precision': ['0.1234567890123456'],
  text: ['abcdef', '2024-02-03 04:05:06.789+05', '{"a":1,"a":2}', 'x'.repeat(70)],
  'character varying(3)': ['abc', '1.5'],
  'character varying(2)[]': ['{ab,c}'],
  'text[]': ['{abc,d}'],
  'character(4)': ['abcd'],
  date: ['2024-02-03'],
  'timestamp without time zone': ['2024-02-03 04:05:06.789'],
  'timestamp(0) with time zone': ['2024-02-03 04:05:06+05'],
  'time without time zone': ['04:05:06.789'],
  'time(0) with time zone': ['04:05:06+05'],
  interval: ['1 day 02:03:04'],
  json: ['{"a":1,"a":2}'],
  jsonb: ['{"a": 1}'],
  inet: ['10.0.0.1/8'],
  cidr: ['10.0.0.0/8'],
  'bit varying(3)': ['101'],
}

test('a column of one type that gets another keeps its values, refuses them, or is said to lose some', async () => {
  const pairs = Object.keys(VALUES).flatMap((from) => Object.keys(VALUES).map((to) => [from, to] as const))
  const wrong: string[] = []
  await withClient(serverTarget(MAJORS.at(-1)!), 'testing', async (client) => {
    await client.query(`SET TimeZone = 'Asia/Tokyo'`)
    await client.query(`CREATE FUNCTION pg_temp.after(from_type text, to_type text, there text, back text, value text) RETURNS text
      LANGUAGE plpgsql AS $$ DECLARE found text; files oid; BEGIN
        EXECUTE format('CREATE TEMP TABLE changing (v %s) ON COMMIT DROP', from_type);
        EXECUTE format('INSERT INTO changing VALUES (%L)', value);
        files := pg_relation_filenode('changing');
        EXECUTE format('ALTER TABLE changing ALTER v TYPE %s USING v%s', to_type, there);
        found := CASE WHEN files = pg_relation_filenode('changing') THEN 'kept ' ELSE 'written ' END;
        EXECUTE format('SELECT $1 || (v%s)::text IS NOT DISTINCT FROM $1 || (%L::%s)::text FROM changing', back, value, from_type)
          INTO STRICT back USING found;
        DROP TABLE changing;
        RETURN found || CASE back::boolean WHEN true THEN 'same' ELSE 'other' END;
      EXCEPTION WHEN data_exception OR cannot_coerce OR undefined_function OR datatype_mismatch THEN RETURN 'refused'; END $$`)
    for (const [from, to] of pairs) {
      for (const value of VALUES[from] ?? []) {
        const { rows } = await client.query<{ after: string }>('SELECT pg_temp.after($1, $2, $3, $4, $5)', [
          from,
          to,
          castBetween(from, to),
          castBetween(to, from),
          value,
        ])
        const after = rows[0]?.after ?? ''
        const isWrong =
          (after.endsWith('other') && !losesBetween(from, to)) || after.startsWith('kept') !== keepsRows(from, to)
        if (after !== 'refused' && isWrong) wrong.push(`${from} to ${to} of ${value}: ${after}`)
      }
    }
  })
  expect(wrong).toEqual([])
})

test('what depends on the time zone of a session is told', () => {
  const zoned = 'timestamp with time zone'
  expect(readsTimeZone('timestamp without time zone', zoned)).toBe(true)
  expect(readsTimeZone(zoned, 'date')).toBe(true)
  expect(readsTimeZone('text', zoned)).toBe(true)
  expect(readsTimeZone(zoned, 'text')).toBe(false)
  expect(readsTimeZone(zoned, 'timestamp(0) with time zone')).toBe(false)
})

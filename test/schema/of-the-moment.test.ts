// `DEFAULT 'now()'` is the moment in which it was said: another in every database that the migrations built.
import { expect, test } from 'vitest'
import type { Catalog } from '../../lib/schema/catalog.ts'
import { judgeCatalogs, NO_RULES } from '../../lib/schema/judge-catalogs.ts'
import { markMoments, settleMoments } from '../../lib/schema/of-the-moment.ts'
import { replayOnScratch } from '../../lib/schema/replay-on-scratch.ts'
import { ANY_MAJOR, testDatabase } from '../support/database.ts'
import { catalogOf, migrationsOf, testScratch } from './support.ts'

const began = Date.UTC(2026, 10, 22, 23, 59, 59)
const TIME = { began, ended: began + 2_000 }

function withDefault(text: string): Catalog {
  const column = { class: 'column' as const, name: 'public.t.a', path: ['public', 't', 'a'] }
  return { serverVersion: '17.10', objects: [{ ...column, attributes: { default: text } }] }
}

async function marked(text: string, migrations = ''): Promise<unknown> {
  const { objects } = await markMoments(withDefault(text), TIME, async () => [migrations])
  return objects[0]?.attributes['default']
}

function settled(live: string): unknown {
  return settleMoments(withDefault(`'now'::date`), withDefault(live)).objects[0]?.attributes['default']
}

test('a migration that takes a constant from the clock makes no drift, and another default is told', async () => {
  const sql = `CREATE TABLE t (a timestamp DEFAULT 'now()', b timestamptz (3) DEFAULT 'now', c date DEFAULT 'now()', d time DEFAULT 'now');`
  const live = await catalogOf(
    await testDatabase(ANY_MAJOR, `${sql} ALTER TABLE t ADD e timestamp DEFAULT '2020-01-01 10:00:00'`),
  )
  const migrations = await migrationsOf(sql, `ALTER TABLE t ADD e timestamp DEFAULT 'now()';`)
  const scratch = testScratch()
  const what = { major: ANY_MAJOR, migrations, ledger: null, roles: [] }
  const catalog = await replayOnScratch({ scratch }, what)
  const judge = (actual: Catalog) =>
    judgeCatalogs('live', catalog, actual, { rules: NO_RULES, now: new Date() }).findings.map((each) => each.summary)
  expect(judge(live)).toEqual([])
  const changed = live.objects.map((object) =>
    object.name === 'public.t.a' ? { ...object, attributes: { ...object.attributes, default: 'now()' } } : object,
  )
  expect(judge({ ...live, objects: changed })).toEqual([
    `column public.t.a: DEFAULT now() in live, DEFAULT 'now'::timestamp without time zone in the migrations`,
  ])
})

test.each([
  [`'2026-11-22 23:59:59.5'::timestamp without time zone`, `'now'::timestamp without time zone`],
  [`'2026-11-23 00:00:00.25+00'::timestamp with time zone`, `'now'::timestamp with time zone`],
  [`'00:00:00.304581'::time without time zone`, `'now'::time without time zone`],
  [`'2026-11-23'::date`, `'now'::date`],
  [`'2026-11-24 00:00:00'::timestamp without time zone`, `'now'::timestamp without time zone`],
])('%s is of the moment', async (constant, other) => {
  expect(await marked(constant)).toBe(other)
})

test.each([
  `'2026-11-22 23:59:58'::timestamp without time zone`,
  `'2026-11-22 23:59:59.5'::text`,
  `'00:00:00'::time without time zone`,
  `'23:59:58.123'::time without time zone`,
  `'2026-11-25'::date`,
])('%s was written by somebody', async (constant) => {
  expect(await marked(constant)).toBe(constant)
})

test('the day of the replay may stand in a migration', async () => {
  expect(await marked(`'2026-11-22'::date`, `DEFAULT '2026-11-22'`)).toBe(`'2026-11-22'::date`)
})

test('only a constant of the same expression is settled', () => {
  expect(settled(`'2020-02-29'::date`)).toBe(`'2020-02-29'::date`)
  expect(settled(`'2020-02-29'::text`)).toBe(`'now'::date`)
  expect(settled('CURRENT_DATE')).toBe(`'now'::date`)
})

import { expect, test } from 'vitest'
import { decodeCatalog, encodeCatalog } from '../../lib/schema/catalog.ts'
import { CATALOGS } from '../../lib/schema/modelled.ts'
import { execute, MAJORS, OLDEST_AND_NEWEST, serverTarget, testDatabase } from '../support/database.ts'
import { ONE_OF_EVERYTHING } from './one-of-everything.ts'
import { catalogOf } from './support.ts'

test.each(MAJORS)('Postgres %i has no catalog that is not declared', async (major) => {
  const rows = await execute<{ name: string }>(
    serverTarget(major),
    `SELECT relname AS name FROM pg_catalog.pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r'`,
  )
  expect(rows.map(({ name }) => name).filter((name) => !Object.hasOwn(CATALOGS, name))).toEqual([])
  expect(rows.length).toBeGreaterThan(60)
})

test.each(OLDEST_AND_NEWEST)('on Postgres %i, one of everything holds nothing that is not compared', async (major) => {
  const target = await testDatabase(major, [ONE_OF_EVERYTHING, 'CREATE EXTENSION hstore'])
  expect((await catalogOf(target)).unmodelled).toBeUndefined()
})

test('what is not compared is named as the server names it, but for what is temporary or came with an extension', async () => {
  const target = await testDatabase(
    undefined,
    `CREATE EXTENSION hstore; CREATE TYPE raw_in; CREATE TEMP TABLE gone (a int); CREATE TABLE kept (a int);
     CREATE OPERATOR FAMILY public.fam USING btree`,
  )
  const catalog = await catalogOf(target)
  const names = (catalog.unmodelled ?? []).map((each) => `${each.class} ${each.name}`)
  expect(names).toContain('type public.raw_in')
  expect(names.filter((name) => /gone|kept|hstore/.test(name))).toEqual([])
  expect(decodeCatalog(encodeCatalog(catalog)).unmodelled).toEqual(catalog.unmodelled)
})

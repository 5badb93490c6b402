import { expect, test } from 'vitest'
import { wasmDump } from '../../lib/archive/engine/wasm-dump.ts'
import { streamedSource } from '../../lib/archive/archive-source.ts'
import { restoreArchive } from '../../lib/archive/restore-archive.ts'
import { diffCatalogs } from '../../lib/schema/diff-catalogs.ts'
import { schemaFindings } from '../../lib/schema/schema-findings.ts'
import { MAJORS, OLDEST_AND_NEWEST, testDatabase } from '../support/database.ts'
import { ONE_OF_EVERYTHING } from './one-of-everything.ts'
import { POOL_START, UNITS } from './ddl-pool.ts'
import { shuffled } from './random-order.ts'
import { catalogOf } from './support.ts'

/** Within a major, and from the oldest to the newest. */
const WAYS = [...OLDEST_AND_NEWEST.map((major) => [major, major] as const), [MAJORS[0], MAJORS[3]] as const]

const POOL = shuffled(UNITS, () => 0).filter(({ since }) => since === undefined)

test.each(WAYS)('one of everything comes back as it was, from Postgres %i to %i', async (from, to) => {
  const source = await testDatabase(from, [ONE_OF_EVERYTHING])
  const copy = await testDatabase(to)
  await restoreArchive(streamedSource(wasmDump({ target: source }).output), copy, { owners: true })
  const expected = await catalogOf(source)
  expect(expected.objects.length).toBeGreaterThan(50)
  const told = schemaFindings('the copy', diffCatalogs(expected, await catalogOf(copy)))
  expect(told.map(({ summary, expected: should, actual }) => ({ summary, should, actual }))).toEqual([])
})

test.each(WAYS)('all of the pool comes back as it was, from Postgres %i to %i', async (from, to) => {
  const source = await testDatabase(from, [POOL_START, ...POOL.map(({ sql }) => sql)])
  const copy = await testDatabase(to, POOL_START.replaceAll(/CREATE SCHEMA \w+;/g, ''))
  await restoreArchive(streamedSource(wasmDump({ target: source }).output), copy, { owners: true })
  const told = schemaFindings('the copy', diffCatalogs(await catalogOf(source), await catalogOf(copy)))
  expect(told.map(({ summary, expected: should, actual }) => ({ summary, should, actual }))).toEqual([])
})

import { expect, test } from 'vitest'
import { wasmDump } from '../../lib/archive/engine/wasm-dump.ts'
import { findArchive, listArchives, toSummary } from '../../lib/archive/list-archives.ts'
import { streamedSource } from '../../lib/archive/archive-source.ts'
import { storedSource } from '../../lib/archive/stored-source.ts'
import { restoreArchive } from '../../lib/archive/restore-archive.ts'
import { verifyArchive } from '../../lib/archive/verify-archive.ts'
import { writeArchive } from '../../lib/archive/write-archive.ts'
import { execute, MAJORS, OLDEST_AND_NEWEST, testDatabase } from '../support/database.ts'
import { archiveRequest, ID, now, temporaryStore } from './archive-fixture.ts'
import { contents, definitions, EVERYTHING } from './everything.ts'

test.each(MAJORS)('PostgreSQL %i: everything comes back as it was', async (major) => {
  const source = await testDatabase(major, EVERYTHING)
  const store = await temporaryStore()
  // Small frames, so that values and pieces of the format lie across their ends.
  const frameLimits = { least: 10_000, most: 100_000 }
  const manifest = await writeArchive({ store, now }, archiveRequest(wasmDump({ target: source }), { frameLimits }))
  expect(manifest.frames.length).toBeGreaterThan(20)

  const [record] = await listArchives(store, 'app', 'production')
  if (record?.kind !== 'archive') throw new Error('no archive')
  expect(record).toMatchObject({ id: ID, trust: 'uploaded', manifest })
  const verification = await verifyArchive(store, record, now)
  expect(verification).toMatchObject({ id: ID, tables: 17, sha256: manifest.sha256, rawBytes: manifest.rawBytes })
  const verified = await findArchive(store, 'app', 'production', ID)
  expect(verified).toMatchObject({ trust: 'verified', verification })

  const copy = await testDatabase(major)
  const restored = await restoreArchive(storedSource(store, manifest, null), copy, { jobs: 3 })
  expect(restored.tables).toEqual(toSummary(record).tables)
  expect(restored.skipped).toEqual([])
  expect(await definitions(copy)).toEqual(await definitions(source))
  expect(await contents(copy)).toEqual(await contents(source))
  const [{ next } = { next: '' }] = await execute<{ next: string }>(
    copy,
    `SELECT nextval('public.texts_id_seq')::text AS next`,
  )
  expect(next).toBe('4711')
})

test('an archive of an old server comes back on a new one', async () => {
  const [oldest, newest] = OLDEST_AND_NEWEST
  const source = await testDatabase(oldest, EVERYTHING)
  const copy = await testDatabase(newest)
  await restoreArchive(streamedSource(wasmDump({ target: source }).output), copy)
  expect(await contents(copy)).toEqual(await contents(source))
})

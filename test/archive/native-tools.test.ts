// Raingauge needs no native tools, but native tools must be able to read what it writes.
import { execFileSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, type TestContext } from 'vitest'
import { wasmDump } from '../../lib/archive/engine/wasm-dump.ts'
import { archiveKey } from '../../lib/store/keys.ts'
import { OLDEST_AND_NEWEST, targetUrl, testDatabase } from '../support/database.ts'
import { dumpOf, ID, temporaryStore, writtenArchive } from './archive-fixture.ts'
import { encodeArchive } from './encode-archive.ts'
import { contents, EVERYTHING } from './everything.ts'
import { testFolder } from '../support/directory.ts'

const ARCHIVE_KEY = archiveKey('app', 'production', ID, 'archive.dump.zst')
/** Older ones do not know format 1.16. */
const OLDEST_PG_RESTORE = 17

function candidates(program: string): string[] {
  const onPath = (process.env.PATH ?? '').split(':').map((folder) => `${folder}/${program}`)
  return [
    ...globSync(`/usr/lib/postgresql/*/bin/${program}`),
    ...globSync(`/usr/pgsql-*/bin/${program}`),
    ...onPath,
  ].filter((path) => existsSync(path))
}

const zstd = candidates('zstd')[0]
const pgRestore = candidates('pg_restore').find((path) => {
  const version = execFileSync(path, ['--version'], { encoding: 'utf8' })
  return Number(/(\d+)/.exec(version)?.[1]) >= OLDEST_PG_RESTORE
})

/** Ends the test as skipped, and says so where nobody overlooks it. */
function skipLoudly(context: TestContext, missing: string): never {
  const reason = `SKIPPED: no ${missing} here, so nobody but Raingauge has read its archives in this run`
  process.stderr.write(`${reason}\n`)
  return context.skip(reason)
}

test('zstd -d reads all frames as one file', async (context) => {
  if (zstd === undefined) skipLoudly(context, 'zstd')
  const store = await temporaryStore()
  const archive = encodeArchive()
  await writtenArchive(store, dumpOf(archive), { frameLimits: { least: 1_000, most: 4_000 } })
  expect(execFileSync(zstd, ['-d', '-c', store.locate(ARCHIVE_KEY)])).toEqual(archive)
})

test('pg_restore lists the archive, reads it to its end, and restores the same', async (context) => {
  if (zstd === undefined) skipLoudly(context, 'zstd')
  if (pgRestore === undefined) skipLoudly(context, `pg_restore ${OLDEST_PG_RESTORE} or newer`)
  const source = await testDatabase(OLDEST_AND_NEWEST[1], EVERYTHING)
  const store = await temporaryStore()
  const { manifest } = await writtenArchive(store, wasmDump({ target: source }))
  const file = join(testFolder(), 'archive.dump')
  execFileSync(zstd, ['-d', '-q', '-o', file, store.locate(ARCHIVE_KEY)])
  const list = execFileSync(pgRestore, ['--list', file], { encoding: 'utf8' })
  expect(list.match(/ TABLE DATA /g)).toHaveLength(manifest.tables.length)
  const sql = execFileSync(pgRestore, ['-f', '-', file], { encoding: 'utf8', maxBuffer: 1 << 28 })
  expect(sql).toContain('PostgreSQL database dump complete')
  const copy = await testDatabase(OLDEST_AND_NEWEST[1])
  execFileSync(pgRestore, ['--no-owner', '--jobs=2', `--dbname=${targetUrl(copy)}`, file], { stdio: 'ignore' })
  expect(await contents(copy)).toEqual(await contents(source))
})

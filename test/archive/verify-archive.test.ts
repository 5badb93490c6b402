import { randomInt } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { constants, zstdCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { findArchive, listArchives, toSummary } from '../../lib/archive/list-archives.ts'
import { readArchiveFile } from '../../lib/archive/read-file.ts'
import { recordRestoration, verifyArchive, verifyFile } from '../../lib/archive/verify-archive.ts'
import { hasCode } from '../../lib/error.ts'
import { archiveId, archiveKey, type ArchiveFile } from '../../lib/store/keys.ts'
import type { Store } from '../../lib/store/store.ts'
import { dumpOf, ID, inChunks, now, temporaryStore, writtenArchive } from './archive-fixture.ts'
import { encodeArchive, SAMPLE, tableData } from './encode-archive.ts'
import { testFolder } from '../support/directory.ts'

const ARCHIVE = encodeArchive()
const FRAMES = { frameLimits: { least: 1_000, most: 4_000 } }
const ROWS = { 'public.users': 3, 'public.empty': 0, 'public.orders': 300 }

const key = (name: ArchiveFile, id = ID) => archiveKey('app', 'production', id, name)

/** The same store, but its large objects read as these bytes. */
/** Reads these bytes instead, and keeps in mind what is written instead of writing it a thousand times. */
function reading(store: Store, bytes: Buffer, written: Set<string> = new Set()): Store {
  const put: Store['put'] = (name) => Promise.resolve({ etag: String(written.add(name).size) })
  return { ...store, put, read: () => inChunks(bytes, 1_000) }
}

async function archived() {
  const store = await temporaryStore()
  const record = await writtenArchive(store, dumpOf(ARCHIVE), FRAMES)
  const stored = await readFile(store.locate(key('archive.dump.zst')))
  return { store, record, stored }
}

test('a good archive: trust rises with each proof, and only for the bytes that were proven', async () => {
  const { store, record } = await archived()
  expect(record.trust).toBe('uploaded')
  const verification = await verifyArchive(store, record, now)
  expect(verification).toMatchObject({ tables: 3, rows: 303, verifiedAt: now().toISOString() })
  const verified = await findArchive(store, 'app', 'production', ID)
  expect(verified).toMatchObject({ trust: 'verified', verification })
  const restoration = {
    format: 1,
    id: ID,
    restoredAt: now().toISOString(),
    durationMs: 1,
    sha256: { stored: record.manifest.sha256.stored },
    serverVersion: '18.4',
    tables: 3,
    rows: 303,
    statements: 9,
  } as const
  await recordRestoration(store, record, { ...restoration, sha256: { stored: '0'.repeat(64) } })
  expect(await findArchive(store, 'app', 'production', ID)).toMatchObject({ trust: 'verified' })
  await recordRestoration(store, record, restoration)
  expect(await findArchive(store, 'app', 'production', ID)).toMatchObject({ trust: 'restored', restoration })
  await store.put(key('restored.json'), '{"format":')
  expect(await findArchive(store, 'app', 'production', ID)).toMatchObject({ trust: 'verified', restoration: null })
})

test('an archive cut anywhere in the store is refused', async () => {
  const { store, record, stored } = await archived()
  const lengths = new Set<number>([0, 1])
  for (let percent = 1; percent < 100; percent++) lengths.add(Math.floor((stored.length * percent) / 100))
  for (let short = 1; short <= 1_024 && short < stored.length; short++) lengths.add(stored.length - short)
  const written = new Set<string>()
  for (const length of lengths) {
    await expect(verifyArchive(reading(store, stored.subarray(0, length), written), record, now)).rejects.toMatchObject(
      {
        code: 'archive.corrupt',
        message: expect.stringMatching(/breaks off in frame \d+ of \d+/),
      },
    )
  }
  const longer = reading(store, Buffer.concat([stored, Buffer.from([0])]))
  await expect(verifyArchive(longer, record, now)).rejects.toMatchObject({ code: 'archive.corrupt' })
  expect([...written]).toEqual([key('failed.json')])
})

test('a flipped bit anywhere in the store is refused, and its frame named', async () => {
  const { store, record, stored } = await archived()
  const written = new Set<string>()
  for (let tries = 0; tries < 1_000; tries++) {
    const place = randomInt(stored.length * 8)
    const flipped = Buffer.from(stored)
    flipped[place >> 3] = (flipped[place >> 3] as number) ^ (1 << (place & 7))
    await expect(verifyArchive(reading(store, flipped, written), record, now)).rejects.toMatchObject({
      code: 'archive.corrupt',
      message: expect.stringMatching(/frame \d+ of \d+ of .*archive\.dump\.zst has another SHA-256/),
    })
  }
  expect([...written]).toEqual([key('failed.json')])
})

test('a catalog that is gone or changed is refused', async () => {
  const { store, record } = await archived()
  await store.put(key('catalog.json.zst'), 'another')
  await expect(verifyArchive(store, record, now)).rejects.toThrow('catalog.json.zst has another SHA-256')
  await store.delete(key('catalog.json.zst'))
  await expect(verifyArchive(store, record, now)).rejects.toThrow('catalog.json.zst is missing')
})

test('rows that are not those of the manifest are refused', async () => {
  const { store, record } = await archived()
  const [users, ...others] = record.manifest.tables
  if (users === undefined) throw new Error('no table')
  const claims: [typeof record.manifest.tables, string][] = [
    [[{ ...users, rows: 4 }, ...others], 'public.users has 3 rows, not 4'],
    [[users, ...others, { ...users, name: 'public.lost' }], 'public.lost is missing'],
    [others, '3 tables, not 2'],
  ]
  for (const [tables, words] of claims) {
    const claimed = { ...record, manifest: { ...record.manifest, tables } }
    await expect(verifyArchive(store, claimed, now)).rejects.toMatchObject({
      code: 'archive.corrupt',
      message: expect.stringContaining(words),
    })
  }
})

test('the list: the newest first; no manifest, no archive; a bad manifest is told', async () => {
  const store = await temporaryStore()
  expect(await listArchives(store, 'app', 'production')).toEqual([])
  const ids = [3, 1, 2].map((day) => archiveId(new Date(`2026-02-0${day}T00:00:00Z`), Buffer.alloc(4, day)))
  for (const id of ids) await writtenArchive(store, dumpOf(ARCHIVE), { id })
  const [third, first, second] = ids as [string, string, string]
  await store.put(key('manifest.json', second), '{"format":1,"id":7}')
  const orphan = archiveId(new Date('2026-02-04T00:00:00Z'), Buffer.alloc(4, 4))
  await store.put(key('archive.dump.zst', orphan), 'no manifest')
  const records = await listArchives(store, 'app', 'production')
  expect(records.map(({ kind, id }) => [kind, id])).toEqual([
    ['archive', third],
    ['corrupt', second],
    ['archive', first],
  ])
  expect(records[1]).toMatchObject({
    location: store.locate(key('archive.dump.zst', second)),
    reason: { code: 'archive.corrupt', message: expect.stringContaining('manifest.json is not as it should be') },
  })
  const [record] = records
  if (record?.kind !== 'archive') throw new Error('no archive')
  expect(toSummary(record)).toMatchObject({
    id: third,
    environment: 'production',
    trust: 'uploaded',
    tables: Object.entries(ROWS).map(([name, rows]) => ({ name, rows })),
    location: store.locate(key('archive.dump.zst', third)),
  })
  expect(await findArchive(store, 'app', 'production', orphan)).toBeNull()
  expect(await findArchive(store, 'app', 'production', '../../etc')).toBeNull()
})

test('a manifest that was put under another id is no manifest of this archive', async () => {
  const { store, record } = await archived()
  const other = archiveId(new Date('2026-03-01T00:00:00Z'), Buffer.alloc(4))
  await store.put(key('manifest.json', other), JSON.stringify(record.manifest))
  expect(await findArchive(store, 'app', 'production', other)).toMatchObject({ kind: 'corrupt' })
})

const compressed = (bytes: Buffer, checksum = 1) =>
  zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: checksum } })

async function file(bytes: Buffer): Promise<string> {
  const path = join(testFolder(), 'archive')
  await writeFile(path, bytes)
  return path
}

test('a plain file: compressed in one frame or many, or not at all', async () => {
  const { stored } = await archived()
  const skippable = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])
  for (const bytes of [
    ARCHIVE,
    stored,
    compressed(ARCHIVE),
    compressed(ARCHIVE, 0),
    Buffer.concat([stored, skippable]),
  ]) {
    const verified = await verifyFile(await file(bytes))
    expect(verified).toMatchObject({ rawBytes: ARCHIVE.length, serverVersion: '18.4', database: 'app' })
    expect(Object.fromEntries(verified.tables.map(({ name, rows }) => [name, rows]))).toEqual(ROWS)
  }
})

test('a plain file that is cut, or goes on, is refused', async () => {
  const { stored } = await archived()
  const path = await file(Buffer.alloc(0))
  for (let length = 0; length < stored.length; length += length < stored.length - 60 ? 89 : 1) {
    await writeFile(path, stored.subarray(0, length))
    await expect(verifyFile(path), `cut to ${length}`).rejects.toMatchObject({ code: 'archive.corrupt' })
  }
  for (const more of [Buffer.from('x'), Buffer.from('PGDMP rubbish'), stored, compressed(Buffer.from('more'))]) {
    await writeFile(path, Buffer.concat([stored, more]))
    await expect(verifyFile(path)).rejects.toMatchObject({ code: 'archive.corrupt' })
  }
})

test('a plain compressed file with a flipped bit is refused, unless the bit means nothing', async () => {
  const { stored } = await archived()
  const path = await file(stored)
  const outcomes: string[] = []
  for (let index = 0; index < 80; index++) {
    const place = (index * 7_919 * 8 + index) % (stored.length * 8)
    const flipped = Buffer.from(stored)
    flipped[place >> 3] = (flipped[place >> 3] as number) ^ (1 << (place & 7))
    await writeFile(path, flipped)
    outcomes.push(
      await buffer(readArchiveFile(path)).then(
        (bytes) => (bytes.equals(ARCHIVE) ? 'means nothing' : 'accepted'),
        (error: unknown) => (hasCode(error, 'archive.corrupt') ? 'refused' : String(error)),
      ),
    )
  }
  // A zstd frame header has a bit that RFC 8878 leaves unused, for one.
  expect(new Set(outcomes.filter((outcome) => outcome !== 'means nothing'))).toEqual(new Set(['refused']))
  expect(outcomes.filter((outcome) => outcome === 'means nothing').length).toBeLessThan(5)
})

test('files that are no archives are refused in plain words', async () => {
  await expect(verifyFile('/nowhere/archive.dump')).rejects.toMatchObject({ code: 'archive.not-found' })
  await expect(verifyFile(testFolder())).rejects.toMatchObject({ code: 'archive.not-found' })
  await expect(verifyFile(await file(Buffer.from('--\n-- PostgreSQL')))).rejects.toThrow('neither an archive')
  await expect(verifyFile(await file(compressed(Buffer.from('hello hello'))))).rejects.toThrow('no PGDMP')
})

test('what the format cannot hold twice: tables of the same name in two schemas', async () => {
  const store = await temporaryStore()
  const other = { ...tableData(20, 'users', ['x\n']), namespace: 'other' }
  const record = await writtenArchive(store, dumpOf(encodeArchive([...SAMPLE, other])))
  expect(record.manifest.tables.map(({ name }) => name)).toContain('other.users')
  await verifyArchive(store, record, now)
})

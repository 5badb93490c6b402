import { readFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { listArchives } from '../../lib/archive/list-archives.ts'
import { readArchive } from '../../lib/archive/read-archive.ts'
import { writeArchive } from '../../lib/archive/write-archive.ts'
import { RaingaugeError } from '../../lib/error.ts'
import { archiveKey, type ArchiveFile } from '../../lib/store/keys.ts'
import type { Store, Upload } from '../../lib/store/store.ts'
import { archiveRequest, dumpOf, ID, keysIn, now, temporaryStore } from './archive-fixture.ts'
import { encodeArchive } from './encode-archive.ts'
import { directoryStore } from '../../lib/store/directory-store.ts'
import { testFolder } from '../support/directory.ts'

const ARCHIVE = encodeArchive()
const key = (name: ArchiveFile) => archiveKey('app', 'production', ID, name)
const unavailable = (words: string) => new RaingaugeError('store.unavailable', words)

/** A store that does as told in some of its calls, and keeps count of what was uploaded. */
function faulty(store: Store, faults: Partial<Store> & { upload_?: Partial<Upload> }): Store & { aborted: number } {
  const { upload_: uploadFaults = {}, ...storeFaults } = faults
  const counted = {
    ...store,
    aborted: 0,
    async upload(name: string): Promise<Upload> {
      const upload = await store.upload(name)
      return {
        write: (chunk) => upload.write(chunk),
        commit: () => upload.commit(),
        ...uploadFaults,
        async abort() {
          await upload.abort()
          counted.aborted++
          await uploadFaults.abort?.()
        },
      }
    },
    ...storeFaults,
  }
  return counted
}

const failing = (words: string) => async () => {
  throw unavailable(words)
}

test('an archive: its bytes, its manifest, its catalog, and what was told on the way', async () => {
  const folder = testFolder()
  const store = directoryStore(folder)
  const told: number[] = []
  const frameLimits = { least: 1_000, most: 4_000 }
  const manifest = await writeArchive(
    { store, now },
    archiveRequest(dumpOf(ARCHIVE), { frameLimits, progress: (bytes) => told.push(bytes) }),
  )
  expect(manifest).toMatchObject({
    format: 1,
    id: ID,
    rawBytes: ARCHIVE.length,
    sha256: { raw: createHash('sha256').update(ARCHIVE).digest('hex') },
    engine: { name: 'wasm', version: '18.3' },
  })
  expect(manifest.tables.map(({ name, rows }) => [name, rows])).toEqual([
    ['public.users', 3],
    ['public.empty', 0],
    ['public.orders', 300],
  ])
  expect(told.at(-1)).toBe(ARCHIVE.length)
  expect(await keysIn(store)).toEqual(
    (['archive.dump.zst', 'catalog.json.zst', 'manifest.json'] as const).map((file) => key(file)),
  )
  const stored = await readFile(store.locate(key('archive.dump.zst')))
  expect(createHash('sha256').update(stored).digest('hex')).toBe(manifest.sha256.stored)
  for (const frame of manifest.frames) {
    const bytes = stored.subarray(frame.stored.start, frame.stored.start + frame.stored.bytes)
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(frame.sha256)
    expect(frame.raw.bytes).toBeLessThanOrEqual(frameLimits.most)
  }
  expect(await buffer(readArchive(store, manifest, null))).toEqual(ARCHIVE)
})

test.each([
  ['pg_dump fails at its end', dumpOf(ARCHIVE, new RaingaugeError('dump.failed', 'pg_dump: no')), 'dump.failed'],
  [
    'pg_dump fails half-way',
    dumpOf(ARCHIVE.subarray(0, 5_000), new RaingaugeError('postgres.lost', 'cut')),
    'postgres.lost',
  ],
  ['pg_dump ends too early and says that it is fine', dumpOf(ARCHIVE.subarray(0, -1)), 'archive.corrupt'],
  ['pg_dump writes nothing', dumpOf(Buffer.alloc(0)), 'archive.corrupt'],
  ['pg_dump writes something else', dumpOf(Buffer.from('pg_dump: usage …')), 'archive.corrupt'],
])('%s: nothing is left, and the error comes through', async (_, dump, code) => {
  const store = faulty(await temporaryStore(), {})
  await expect(writeArchive({ store, now }, archiveRequest(dump))).rejects.toMatchObject({ code })
  expect(await keysIn(store)).toEqual([])
  expect(store.aborted).toBe(1)
})

test.each([
  ['a write', { upload_: { write: failing('write: 503') } }, 'write: 503'],
  ['the commit', { upload_: { commit: failing('commit: 503') } }, 'commit: 503'],
  ['every small object', { put: failing('put: 503') }, 'put: 503'],
])('the store fails in %s: nothing is visible', async (_, faults, words) => {
  const real = await temporaryStore()
  const store = faulty(real, faults)
  await expect(writeArchive({ store, now }, archiveRequest(dumpOf(ARCHIVE)))).rejects.toThrow(words)
  expect(await keysIn(real)).toEqual([])
  expect(await listArchives(real, 'app', 'production')).toEqual([])
})

test('an abort that fails too is told together with what came first', async () => {
  const first = new RaingaugeError('dump.failed', 'pg_dump: no')
  const store = faulty(await temporaryStore(), { upload_: { abort: failing('abort: 503') } })
  await expect(writeArchive({ store, now }, archiveRequest(dumpOf(ARCHIVE, first)))).rejects.toMatchObject({
    code: 'dump.failed',
    message: expect.stringMatching(/pg_dump: no.*could not be taken back: abort: 503/),
    cause: first,
  })
})

test('a manifest that arrived although its answer was lost is an archive', async () => {
  const real = await temporaryStore()
  const store = faulty(real, {
    put: async (name, body, condition) => {
      const put = await real.put(name, body, condition)
      if (name.endsWith('manifest.json')) throw unavailable('the answer was lost')
      return put
    },
  })
  const manifest = await writeArchive({ store, now }, archiveRequest(dumpOf(ARCHIVE)))
  expect(await listArchives(real, 'app', 'production')).toMatchObject([{ kind: 'archive', manifest }])
})

test('a manifest that arrives after it was given up, and its archive taken back, goes too', async () => {
  const real = await temporaryStore()
  let late: (() => Promise<unknown>) | undefined
  const store: Store = {
    ...real,
    put: async (name, body, condition) => {
      if (!name.endsWith('manifest.json')) return await real.put(name, body, condition)
      late = () => real.put(name, body, condition)
      throw unavailable('no answer')
    },
    delete: async (name) => {
      await real.delete(name)
      if (name.endsWith('archive.dump.zst')) await late?.()
    },
  }
  await expect(writeArchive({ store, now }, archiveRequest(dumpOf(ARCHIVE)))).rejects.toThrow('no answer')
  expect(await keysIn(real)).toEqual([])
})

test('an archive that is there already is left as it is', async () => {
  const store = await temporaryStore()
  const manifest = await writeArchive({ store, now }, archiveRequest(dumpOf(ARCHIVE)))
  const again = writeArchive({ store, now }, archiveRequest(dumpOf(encodeArchive([]))))
  await expect(again).rejects.toMatchObject({ code: 'store.conflict' })
  expect(await listArchives(store, 'app', 'production')).toMatchObject([{ kind: 'archive', manifest }])
  expect(await buffer(readArchive(store, manifest, null))).toEqual(ARCHIVE)
})

test('an abort of the signal leaves nothing', async () => {
  const store = await temporaryStore()
  const abort = new AbortController()
  const progress = () => abort.abort()
  const written = writeArchive({ store, now }, archiveRequest(dumpOf(ARCHIVE), { signal: abort.signal, progress }))
  await expect(written).rejects.toMatchObject({ name: 'AbortError' })
  expect(await keysIn(store)).toEqual([])
})

test('a store that cannot keep up holds pg_dump back', async () => {
  let pulled = 0
  const ahead: number[] = []
  async function* counting() {
    for await (const chunk of dumpOf(ARCHIVE).output) {
      pulled += chunk.byteLength
      yield chunk
    }
  }
  const real = await temporaryStore()
  let storedBytes = 0
  const slow = faulty(real, {
    upload_: {
      write: async (chunk) => {
        storedBytes += chunk.byteLength
        const before = pulled
        for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
        ahead.push(pulled - before)
      },
      commit: async () => ({ bytes: storedBytes }),
    },
  })
  const dump = { ...dumpOf(ARCHIVE), output: counting() }
  await writeArchive({ store: slow, now }, archiveRequest(dump, { frameLimits: { least: 500, most: 2_000 } }))
  expect(pulled).toBe(ARCHIVE.length)
  expect(ahead.length).toBeGreaterThan(5)
  expect(Math.max(...ahead)).toBe(0)
})

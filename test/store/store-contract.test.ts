// The promises of lib/store/store.ts, kept by every store alike.
import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { hasCode } from '../../lib/error.ts'
import { directoryStore } from '../../lib/store/directory-store.ts'
import { MIB } from '../../lib/store/part-size.ts'
import type { Store, StoredObject, Unfinished } from '../../lib/store/store.ts'
import { sweepUnfinished } from '../../lib/store/sweep.ts'
import { testFolder } from '../support/directory.ts'
import { hasS3Server, serverStore } from '../support/s3-server.ts'
import { testS3 } from '../support/s3.ts'

type MakeStore = (able?: 'objectLock') => Promise<Store>

const STORES: [string, MakeStore][] = [
  ['directory', async () => directoryStore(testFolder())],
  ['S3', async () => (await testS3()).store],
  [
    'S3, without a prefix and with short pages',
    async () => {
      const { standIn, store } = await testS3({}, '')
      standIn.pageSize = 2
      return store
    },
  ],
  ...(hasS3Server() ? [['an S3 server that others wrote', serverStore] satisfies [string, MakeStore]] : []),
]

const HOUR_MS = 3_600_000

const KEY = 'archives/app/production/20260102T030405Z-0a1b2c3d/manifest.json'

const text = async (store: Store, key: string): Promise<string | undefined> => (await store.get(key))?.body.toString()

async function objects(store: Store, prefix: string): Promise<StoredObject[]> {
  const found: StoredObject[] = []
  for await (const object of store.list(prefix)) found.push(object)
  return found
}

async function unfinishedOf(store: Store, prefix: string): Promise<Unfinished[]> {
  const found: Unfinished[] = []
  for await (const each of store.unfinished(prefix)) found.push(each)
  return found
}

async function bytes(store: Store, key: string, range?: { start: number; end: number }): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of store.read(key, range)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const keys = async (store: Store, prefix: string): Promise<string[]> =>
  (await objects(store, prefix)).map((each) => each.key)

const sha256 = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex')

describe.each(STORES)('a store: %s', (_name, makeStore) => {
  test('gives back what was put, and nothing where nothing is', async () => {
    const store = await makeStore()
    expect(await store.get(KEY)).toBeNull()
    const { etag } = await store.put(KEY, 'héllo')
    expect(await store.get(KEY)).toEqual({ body: Buffer.from('héllo'), etag })
    await store.put(KEY, new Uint8Array())
    expect(await text(store, KEY)).toBe('')
    expect(await store.get('archives/app')).toBeNull()
  })

  test('changes the etag with the bytes', async () => {
    const store = await makeStore()
    const first = await store.put(KEY, 'one')
    const second = await store.put(KEY, 'two')
    expect(second.etag).not.toBe(first.etag)
    expect((await store.get(KEY))?.etag).toBe(second.etag)
  })

  test('creates only where nothing is', async () => {
    const store = await makeStore()
    await store.put(KEY, 'first', 'absent')
    await expect(store.put(KEY, 'second', 'absent')).rejects.toMatchObject({ code: 'store.conflict' })
    expect(await text(store, KEY)).toBe('first')
  })

  test('replaces only what was read', async () => {
    const store = await makeStore()
    const { etag } = await store.put(KEY, 'one')
    await store.put(KEY, 'two', { etag })
    await expect(store.put(KEY, 'three', { etag })).rejects.toMatchObject({ code: 'store.conflict' })
    expect(await text(store, KEY)).toBe('two')
  })

  test('does not replace what is gone', async () => {
    const store = await makeStore()
    const { etag } = await store.put(KEY, 'one')
    await store.delete(KEY)
    await expect(store.put(KEY, 'two', { etag })).rejects.toMatchObject({ code: 'store.conflict' })
    expect(await store.get(KEY)).toBeNull()
  })

  test('lets one of many creators win', async () => {
    const store = await makeStore()
    const racers = Array.from({ length: 8 }, (_, racer) => store.put(KEY, `racer ${racer}`, 'absent'))
    const outcomes = await Promise.allSettled(racers)
    const winners = outcomes.flatMap((each, racer) => (each.status === 'fulfilled' ? [racer] : []))
    expect(winners).toHaveLength(1)
    expect(await text(store, KEY)).toBe(`racer ${winners[0]}`)
  })

  test('loses no step of many that compare and swap', async () => {
    const store = await makeStore()
    await store.put(KEY, '0')
    const step = async (): Promise<void> => {
      const there = await store.get(KEY)
      if (there === null) throw new Error('it is gone')
      try {
        await store.put(KEY, String(Number(there.body.toString()) + 1), { etag: there.etag })
      } catch (error) {
        if (!hasCode(error, 'store.conflict')) throw error
        await step()
      }
    }
    await Promise.all(Array.from({ length: 6 }, step))
    expect(await text(store, KEY)).toBe('6')
  })

  test('shows an upload when it is committed, and not before', async () => {
    const store = await makeStore()
    const body = randomBytes(20 * MIB + 17)
    const upload = await store.upload(KEY)
    for (let at = 0; at < body.length; at += 300_000) {
      const chunk = Buffer.from(body.subarray(at, at + 300_000))
      await upload.write(chunk)
      // The chunk is the caller's again.
      chunk.fill(0)
    }
    expect(await store.get(KEY)).toBeNull()
    expect(await keys(store, '')).toEqual([])
    expect(await upload.commit()).toEqual({ bytes: body.length })
    expect(sha256(await bytes(store, KEY))).toBe(sha256(body))
    await upload.abort()
    expect(await keys(store, '')).toEqual([KEY])
  })

  test.each([0, 1, 8 * MIB, 8 * MIB + 1])('uploads %i bytes', async (length) => {
    const store = await makeStore()
    const body = randomBytes(length)
    const upload = await store.upload(KEY)
    await upload.write(body)
    expect(await upload.commit()).toEqual({ bytes: length })
    expect(sha256(await bytes(store, KEY))).toBe(sha256(body))
  })

  test.each([10, 9 * MIB])('leaves nothing of an aborted upload of %i bytes', async (length) => {
    const store = await makeStore()
    const upload = await store.upload(KEY)
    await upload.write(Buffer.alloc(length))
    await upload.abort()
    await upload.abort()
    expect(await keys(store, '')).toEqual([])
    await expect(upload.write(Buffer.alloc(1))).rejects.toThrow('is over')
    await expect(upload.commit()).rejects.toThrow('is over')
    expect(await store.get(KEY)).toBeNull()
  })

  test.each([10, 40 * MIB])('leaves nothing of an upload that is aborted while it takes %i bytes', async (length) => {
    const store = await makeStore()
    const upload = await store.upload(KEY)
    const writing = upload.write(Buffer.alloc(length)).then(
      () => 'taken',
      () => 'refused',
    )
    await upload.abort()
    expect(['taken', 'refused']).toContain(await writing)
    await expect(upload.commit()).rejects.toThrow('is over')
    expect(await keys(store, '')).toEqual([])
    expect(await unfinishedOf(store, '')).toEqual([])
  })

  test.each([10, 9 * MIB])('never replaces an object by an upload of %i bytes', async (length) => {
    const store = await makeStore()
    const upload = await store.upload(KEY)
    await upload.write(Buffer.alloc(length))
    await store.put(KEY, 'somebody was quicker')
    await expect(upload.commit()).rejects.toMatchObject({ code: 'store.conflict' })
    await upload.abort()
    expect(await text(store, KEY)).toBe('somebody was quicker')
  })

  test('reads whole objects and ranges of them, as far as they go', async () => {
    const store = await makeStore()
    await store.put(KEY, '0123456789')
    const read = async (start: number, end: number): Promise<string> =>
      (await bytes(store, KEY, { start, end })).toString()
    expect((await bytes(store, KEY)).toString()).toBe('0123456789')
    expect(await read(0, 1)).toBe('0')
    expect(await read(3, 7)).toBe('3456')
    expect(await read(8, 100)).toBe('89')
    expect(await read(10, 20)).toBe('')
    expect(await read(4, 4)).toBe('')
    await expect(read(4, 3)).rejects.toMatchObject({ code: 'usage' })
    await expect(read(-1, 3)).rejects.toMatchObject({ code: 'usage' })
  })

  test('says so when there is nothing to read', async () => {
    const store = await makeStore()
    await expect(bytes(store, KEY)).rejects.toMatchObject({ code: 'archive.not-found' })
    await expect(bytes(store, KEY, { start: 1, end: 2 })).rejects.toMatchObject({ code: 'archive.not-found' })
    await store.put(KEY, 'x')
    await expect(bytes(store, 'archives/app')).rejects.toMatchObject({ code: 'archive.not-found' })
  })

  test('lets a reader stop early', async () => {
    const store = await makeStore()
    const upload = await store.upload(KEY)
    await upload.write(Buffer.alloc(9 * MIB, 7))
    await upload.commit()
    for await (const chunk of store.read(KEY)) {
      expect(chunk[0]).toBe(7)
      break
    }
    await store.delete(KEY)
    expect(await keys(store, '')).toEqual([])
  })

  test('lists what starts with the prefix, in order of key', async () => {
    const store = await makeStore()
    const all = ['a-b/1', 'a.json', 'a/1', 'a/10', 'a/2/x', 'a0', 'b/1', 'B/1', 'a/2.json']
    for (const key of all) await store.put(key, key)
    expect(await keys(store, '')).toEqual(all.toSorted())
    expect(await keys(store, 'a/')).toEqual(['a/1', 'a/10', 'a/2.json', 'a/2/x'])
    expect(await keys(store, 'a/1')).toEqual(['a/1', 'a/10'])
    expect(await keys(store, 'a')).toEqual(all.filter((key) => key.startsWith('a')).toSorted())
    expect(await keys(store, 'nothing/like/it')).toEqual([])
    const [object] = await objects(store, 'a/10')
    expect(object?.bytes).toBe(4)
    expect(Math.abs((object?.modifiedAt.getTime() ?? 0) - Date.now())).toBeLessThan(60_000)
  })

  test('deletes, also what is not there', async () => {
    const store = await makeStore()
    await store.put('a/b/1', 'x')
    await store.put('a/c', 'x')
    await store.delete('a/b/1')
    await store.delete('a/b/1')
    await store.delete('a')
    expect(await keys(store, '')).toEqual(['a/c'])
    await store.put('a/b/1', 'again', 'absent')
    expect(await text(store, 'a/b/1')).toBe('again')
  })

  test('keeps what is retained, however often it is deleted', async () => {
    const store = await makeStore('objectLock')
    await store.put(KEY, 'precious')
    expect(await store.retention(KEY)).toBeNull()
    // To the second: S3 keeps no finer time.
    const until = new Date(Math.ceil(Date.now() / 1000) * 1000 + HOUR_MS)
    await store.retain(KEY, { mode: 'governance', until })
    expect(await store.retention(KEY)).toEqual({ mode: 'governance', until })
    await expect(store.delete(KEY)).rejects.toMatchObject({ code: 'store.retained' })
    expect(await text(store, KEY)).toBe('precious')
    expect(await keys(store, '')).toEqual([KEY])
  })

  test('makes a retention longer, never shorter or another', async () => {
    const store = await makeStore('objectLock')
    await store.put(KEY, 'precious')
    const until = new Date(Math.ceil(Date.now() / 1000) * 1000 + HOUR_MS)
    const [earlier, later] = [-1_000, 1_000].map((ms) => new Date(until.getTime() + ms)) as [Date, Date]
    await store.retain(KEY, { mode: 'governance', until })
    for (const weaker of [
      { mode: 'governance', until: earlier },
      { mode: 'compliance', until },
    ] as const) {
      await expect(store.retain(KEY, weaker)).rejects.toMatchObject({ code: 'store.retained' })
    }
    await store.retain(KEY, { mode: 'governance', until: later })
    expect(await store.retention(KEY)).toEqual({ mode: 'governance', until: later })
  })

  test('retains nothing that is not there', async () => {
    const store = await makeStore('objectLock')
    const until = new Date(Date.now() + HOUR_MS)
    await expect(store.retain(KEY, { mode: 'governance', until })).rejects.toMatchObject({ code: 'archive.not-found' })
    expect(await store.retention(KEY)).toBeNull()
  })

  test('knows what was begun and not ended, and can end it', async () => {
    const store = await makeStore()
    const upload = await store.upload(KEY)
    await upload.write(Buffer.alloc(17 * MIB))
    const begun = (prefix: string) => unfinishedOf(store, prefix)
    await expect.poll(() => begun('archives/app/').then((some) => some.length)).toBe(1)
    expect(await begun('archives/other/')).toEqual([])
    const [unfinished] = await begun('')
    expect(unfinished?.key.startsWith(KEY.slice(0, KEY.lastIndexOf('/')))).toBe(true)
    expect(Math.abs((unfinished?.aliveAt.getTime() ?? 0) - Date.now())).toBeLessThan(60_000)

    const hourAgo = new Date(Date.now() - HOUR_MS)
    expect(await sweepUnfinished(store, '', hourAgo)).toEqual([])
    expect(await sweepUnfinished(store, '', new Date(Date.now() + HOUR_MS))).toEqual([unfinished?.key])
    expect(await begun('')).toEqual([])
    await expect(upload.commit()).rejects.toMatchObject({ code: expect.stringMatching(/^store\./) })
    await upload.abort()
    expect(await keys(store, '')).toEqual([])
  })

  test.each([
    '',
    '/',
    '/a',
    'a/',
    'a//b',
    '..',
    'a/../../b',
    './a',
    '.lock',
    'a/.tmp-1',
    'a\\b',
    'a\0b',
    'ä',
    'x'.repeat(1025),
  ])('refuses the key %j', async (key) => {
    const store = await makeStore()
    await expect(store.put(key, 'x')).rejects.toMatchObject({ code: 'usage' })
    await expect(store.upload(key)).rejects.toMatchObject({ code: 'usage' })
    await expect(store.delete(key)).rejects.toMatchObject({ code: 'usage' })
    await expect(store.get(key)).rejects.toMatchObject({ code: 'usage' })
    await expect(bytes(store, key)).rejects.toMatchObject({ code: 'usage' })
    expect(() => store.locate(key)).toThrow('the store takes no key')
  })

  test.each(['/', '../', 'a/../b', 'a//'])('refuses the prefix %j', async (prefix) => {
    const store = await makeStore()
    await expect(keys(store, prefix)).rejects.toMatchObject({ code: 'usage' })
  })
})

import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { expect, test } from 'vitest'
import { readKeptCatalog } from '../../lib/archive/envelope.ts'
import { findArchive, toSummary, type GoodRecord } from '../../lib/archive/list-archives.ts'
import { readArchive } from '../../lib/archive/read-archive.ts'
import { verifyArchive } from '../../lib/archive/verify-archive.ts'
import { Secret } from '../../lib/secret.ts'
import type { Store } from '../../lib/store/store.ts'
import { dumpOf, ID, keysIn, now, temporaryStore, writtenArchive } from './archive-fixture.ts'
import { encodeArchive } from './encode-archive.ts'

const KEY = await generateX25519Identity()
const identity = new Secret(KEY)
const recipients = [await identityToRecipient(KEY)]
const RAW = encodeArchive()
const PREFIX = `archives/app/production/${ID}/`

async function encryptedArchive(): Promise<{ store: Store; record: GoodRecord }> {
  const store = await temporaryStore()
  return { store, record: await writtenArchive(store, dumpOf(RAW), { recipients }) }
}

async function contentOf(store: Store, key: string): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of store.read(key)) pieces.push(piece)
  return Buffer.concat(pieces)
}

async function rawOf({ store, record }: { store: Store; record: GoodRecord }, key: Secret | null): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of readArchive(store, record.manifest, key)) pieces.push(piece)
  return Buffer.concat(pieces)
}

test('nothing of the dump or the catalog lies in the store readable, and the key opens both', async () => {
  const { store, record } = await encryptedArchive()
  expect(await keysIn(store)).toEqual(
    ['archive.dump.zst.age', 'catalog.json.zst.age', 'manifest.json'].map((file) => PREFIX + file),
  )
  for (const file of ['archive.dump.zst.age', 'catalog.json.zst.age']) {
    const bytes = await contentOf(store, PREFIX + file)
    expect(bytes.toString('latin1', 0, 21)).toBe('age-encryption.org/v1')
    expect(bytes.includes('facts')).toBe(false)
  }
  expect(await rawOf({ store, record }, identity)).toEqual(RAW)
  expect(Buffer.from((await readKeptCatalog(store, record.manifest, identity)) ?? []).toString()).toBe('{"facts":[]}')
  await expect(rawOf({ store, record }, null)).rejects.toMatchObject({ code: 'archive.locked' })
  await expect(readKeptCatalog(store, record.manifest, null)).rejects.toMatchObject({ code: 'archive.locked' })
})

test('without a key it is verified by its hashes, and says that it was not decoded; with one, wholly', async () => {
  const { store, record } = await encryptedArchive()
  expect(await verifyArchive(store, record, now)).toMatchObject({ decoded: false })
  expect(await findArchive(store, 'app', 'production', ID)).toMatchObject({ trust: 'verified' })
  expect(await verifyArchive(store, record, now, { identity })).toMatchObject({ decoded: true, rows: 303 })
  const other = new Secret(await generateX25519Identity())
  await expect(verifyArchive(store, record, now, { identity: other })).rejects.toMatchObject({ code: 'archive.locked' })
})

test('the summary tells of what is stored', async () => {
  const { store, record } = await encryptedArchive()
  const bytes = await contentOf(store, `${PREFIX}archive.dump.zst.age`)
  expect(toSummary(record)).toMatchObject({
    storedBytes: bytes.length,
    location: expect.stringMatching(/archive\.dump\.zst\.age$/),
  })
})

test.each([
  ['shorter', (bytes: Buffer) => bytes.subarray(0, -1)],
  ['longer', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('x')])],
  [
    'changed by a bit',
    (bytes: Buffer) => {
      const changed = Buffer.from(bytes)
      changed[changed.length - 20]! ^= 1
      return changed
    },
  ],
])('%s in the store, it is refused, with a key and without', async (_name, spoil) => {
  const { store, record } = await encryptedArchive()
  const spoiled: Store = {
    ...store,
    async *read(key) {
      yield spoil(await contentOf(store, key))
    },
  }
  for (const key of [identity, null]) {
    await expect(verifyArchive(spoiled, record, now, { identity: key })).rejects.toMatchObject({
      code: 'archive.corrupt',
    })
  }
})

test('a dump that fails leaves nothing, encrypted or not', async () => {
  const store = await temporaryStore()
  const failing = writtenArchive(store, dumpOf(RAW, new Error('pg_dump died')), { recipients })
  await expect(failing).rejects.toThrow('pg_dump died')
  expect(await keysIn(store)).toEqual([])
})

test('a key that is none is told before anything is written', async () => {
  const store = await temporaryStore()
  await expect(writtenArchive(store, dumpOf(RAW), { recipients: ['age1qqqqqqqqqqqq'] })).rejects.toMatchObject({
    code: 'config.invalid',
  })
  expect(await keysIn(store)).toEqual([])
})

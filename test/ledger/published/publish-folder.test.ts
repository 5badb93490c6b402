import { symlink, unlink, writeFile, mkdir, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { hasMore } from '../../../lib/ledger/published/has-more.ts'
import { readPublications } from '../../../lib/ledger/published/publication-record.ts'
import { publishFolder, type Published } from '../../../lib/ledger/published/publish-folder.ts'
import { readPublished } from '../../../lib/ledger/published/read-published.ts'
import { sweepPublished } from '../../../lib/ledger/published/sweep-published.ts'
import { UnpackedFolders } from '../../../lib/ledger/published/unpacked-folders.ts'
import { readFolder } from '../../../lib/ledger/read-folder.ts'
import type { Folder } from '../../../lib/ledger/folder.ts'
import { publicationKey, publishedKey } from '../../../lib/store/keys.ts'
import type { Store } from '../../../lib/store/store.ts'
import { testFolder } from '../../support/directory.ts'
import { migrationsFolder, snapshotPath, writeMigrations, type TestMigration } from '../../support/migrations-folder.ts'
import { testS3, type TestS3 } from '../../support/s3.ts'

const ONE: TestMigration = { tag: '0000_one', sql: 'CREATE TABLE one ();\r\n' }
const TWO: TestMigration = { tag: '0001_two', sql: 'CREATE TABLE two ();\n' }

let s3: TestS3
let clock = 0

beforeEach(async () => {
  s3 = await testS3()
  clock = Date.parse('2026-11-22T09:00:00Z')
})

function unpackedFolders(): UnpackedFolders {
  const unpacked = new UnpackedFolders(testFolder())
  onTestFinished(async () => await unpacked[Symbol.asyncDispose]())
  return unpacked
}

const now = () => new Date((clock += 1_000))

/** Every publication is a second later than the one before. */
async function publish(path: string, older = false, store: Store = s3.store): Promise<Published> {
  return await publishFolder({ store, project: 'app', path, now, older, unpacked: unpackedFolders() })
}

/** The newest published folder, as a job elsewhere reads it. */
async function fetchNewest(unpacked = unpackedFolders()): Promise<Folder> {
  const [newest] = (await readPublications(s3.store, 'app')).publications
  if (newest === undefined) throw new Error('nothing is published')
  return await readPublished(s3.store, 'app', newest, unpacked)
}

const keys = () => [...s3.standIn.bucket.objects.keys()].toSorted()

test('a folder comes back as it was, and is read as it was', async () => {
  const path = await migrationsFolder([ONE, TWO])
  await writeFile(join(path, 'README.md'), 'not for Drizzle')
  await writeFile(join(path, '.env'), 'PASSWORD=secret')
  const { outcome, publication } = await publish(path)
  expect(outcome).toBe('published')
  expect(publication).toMatchObject({ tag: '0001_two', migrations: 2, publishedAt: '2026-11-22T09:00:01.000Z' })
  expect(publication.id).toBe(`20261122T090001Z-${publication.sha256.slice(0, 16)}`)
  expect(keys()).toEqual([
    `raingauge/migrations/app/${publication.id}.json.zst`,
    'raingauge/migrations/app/published.json',
  ])

  const fetched = await fetchNewest()
  const { path: place, origin, ...rest } = fetched
  const { path: _, migrations, ...local } = await readFolder(path)
  expect(rest).toEqual({
    ...local,
    migrations: migrations.map((each) => ({ ...each, path: each.path.replace(path, place) })),
  })
  expect(origin).toEqual({
    source: 'published',
    id: publication.id,
    publishedAt: publication.publishedAt,
    tag: '0001_two',
  })
  expect(existsSync(join(place, '.env')) || existsSync(join(place, 'README.md'))).toBe(false)
})

test('a folder of Drizzle 1.x comes back too', async () => {
  const path = testFolder()
  for (const tag of ['20250101000000_one', '20250102000000_two']) {
    await mkdir(join(path, tag))
    await writeFile(join(path, tag, 'migration.sql'), `CREATE TABLE "${tag}" ();`)
    await writeFile(join(path, tag, 'snapshot.json'), '{}')
  }
  await publish(path)
  const fetched = await fetchNewest()
  expect(fetched).toMatchObject({ layout: 'folders', files: [{}, {}], snapshots: [{}, {}] })
  expect(fetched.migrations.map(({ hash }) => hash)).toEqual(
    (await readFolder(path)).migrations.map(({ hash }) => hash),
  )
})

test('the same published twice is one, from another place and another clock too', async () => {
  const { publication } = await publish(await migrationsFolder([ONE]))
  const again = await publish(await migrationsFolder([ONE]))
  expect(again).toEqual({ outcome: 'same', publication })
  expect(keys()).toHaveLength(2)
})

test('a folder with more comes after; one with less does not come after it, unless somebody means it', async () => {
  const [small, large] = [await migrationsFolder([ONE]), await migrationsFolder([ONE, TWO])]
  await publish(small)
  const { publication } = await publish(large)
  expect(await publish(small)).toEqual({ outcome: 'older', publication })
  expect((await fetchNewest()).migrations).toHaveLength(2)
  expect(await publish(small, true)).toMatchObject({ outcome: 'published', publication: { tag: '0000_one' } })
  expect((await readPublications(s3.store, 'app')).publications.map(({ tag }) => tag)).toEqual([
    '0000_one',
    '0001_two',
    '0000_one',
  ])
})

test('another branch, with something else in the same place, comes after', async () => {
  await publish(await migrationsFolder([ONE, TWO]))
  const edited = { ...ONE, sql: 'CREATE TABLE one (id int);' }
  expect(await publish(await migrationsFolder([edited]))).toMatchObject({ outcome: 'published' })
})

test('of publishers at once, each comes before or after the others, and equal ones are one', async () => {
  const paths = await Promise.all([[ONE], [ONE, TWO], [ONE, TWO], [ONE, TWO]].map(migrationsFolder))
  const outcomes = await Promise.all(paths.map((path) => publish(path)))
  const { publications } = await readPublications(s3.store, 'app')
  expect(publications[0]?.tag).toBe('0001_two')
  expect(publications.filter(({ tag }) => tag === '0001_two')).toHaveLength(1)
  expect(
    outcomes.filter(({ outcome, publication }) => outcome === 'published' && publication.tag === '0001_two'),
  ).toHaveLength(1)
  for (const each of publications) await readPublished(s3.store, 'app', each, unpackedFolders())
})

describe('nothing half-written is ever published', () => {
  test.each([
    ['the folder is cut', 0],
    ['the record is cut', 1],
  ])('%s', async (_, after) => {
    const path = await migrationsFolder([ONE])
    s3.standIn.fail(100, { operation: 'PutObject', after, reset: true })
    await expect(publish(path)).rejects.toMatchObject({ code: 'store.unavailable' })
    expect((await readPublications(s3.store, 'app')).publications).toEqual([])
    s3.standIn.heal()
    expect(await publish(path)).toMatchObject({ outcome: 'published' })
    expect((await fetchNewest()).migrations).toHaveLength(1)
  })

  test('a store that refuses every condition is not asked for ever', async () => {
    s3.standIn.fail(1_000, { operation: 'PutObject', after: 1, status: 412, code: 'PreconditionFailed' })
    await expect(publish(await migrationsFolder([ONE]))).rejects.toMatchObject({ code: 'store.conflict' })
    expect((await readPublications(s3.store, 'app')).publications).toEqual([])
  })

  test('an answer that is lost is asked for again', async () => {
    s3.standIn.fail(1, { operation: 'PutObject', reset: true, afterCommit: true })
    s3.standIn.fail(1, { operation: 'PutObject', status: 500, afterCommit: true })
    expect(await publish(await migrationsFolder([ONE]))).toMatchObject({ outcome: 'published' })
    expect((await fetchNewest()).migrations).toHaveLength(1)
  })
})

describe('a published folder that is damaged', () => {
  test.each([
    ['cut', (body: Buffer) => body.subarray(0, body.length >> 1)],
    ['another', () => Buffer.from('nonsense')],
    ['gone', null],
  ])('%s: is told with its place and what to do, and publishing the same again heals it', async (_, damage) => {
    const path = await migrationsFolder([ONE])
    const { publication } = await publish(path)
    const key = publicationKey('app', publication.id)
    const body = (await s3.store.get(key))?.body ?? Buffer.alloc(0)
    await (damage === null ? s3.store.delete(key) : s3.store.put(key, damage(body)))
    await expect(fetchNewest()).rejects.toMatchObject({
      code: 'store.corrupt',
      message: expect.stringContaining(s3.store.locate(key)) as string,
      remedy: expect.stringContaining('raingauge publish') as string,
    })
    expect(await publish(path)).toMatchObject({ outcome: 'published' })
    expect((await fetchNewest()).migrations).toHaveLength(1)
  })

  test('a record that is no record is not taken for an empty one, nor one of a later Raingauge', async () => {
    await s3.store.put(publishedKey('app'), '{"publications": [{"id": "../../x"}]}')
    await expect(publish(await migrationsFolder([ONE]))).rejects.toMatchObject({ code: 'store.corrupt' })
    await s3.store.put(publishedKey('app'), '{"format": 2, "layers": []}')
    await expect(readPublications(s3.store, 'app')).rejects.toMatchObject({ code: 'store.unsupported' })
  })
})

test('a link is not published, and a folder that is none is not either', async () => {
  const path = await migrationsFolder([ONE])
  const secret = join(testFolder(), 'secret')
  await writeFile(secret, 'PASSWORD')
  await unlink(snapshotPath(path, ONE.tag))
  await symlink(secret, snapshotPath(path, ONE.tag))
  await expect(publish(path)).rejects.toMatchObject({
    code: 'folder.invalid',
    message: expect.stringMatching(/it is a link/) as string,
  })
  await rm(join(path, 'meta'), { recursive: true })
  await expect(publish(path)).rejects.toMatchObject({ code: 'folder.invalid' })
  expect(keys()).toEqual([])
})

test('a folder is fetched once for all who share the unpacked ones, and leaves nothing behind', async () => {
  await publish(await migrationsFolder([ONE]))
  const place = testFolder()
  const unpacked = new UnpackedFolders(place)
  const [one, other] = await Promise.all([fetchNewest(unpacked), fetchNewest(unpacked)])
  expect(one?.path).toBe(other?.path)
  const fetches = s3.standIn.calls.filter(({ operation, key }) => operation === 'GetObject' && key.endsWith('.zst'))
  expect(fetches).toHaveLength(1)
  await unpacked[Symbol.asyncDispose]()
  expect(existsSync(one.path)).toBe(false)
})

test('twenty are remembered; a day later the others go, and the newest never', async () => {
  const path = await migrationsFolder([ONE])
  for (let count = 0; count < 22; count++) {
    await writeMigrations(path, [{ ...ONE, sql: `SELECT ${count};` }])
    await publish(path)
  }
  const { publications } = await readPublications(s3.store, 'app')
  expect(publications).toHaveLength(20)
  expect(await sweepPublished(s3.store, 'app', new Date())).toBe(0)
  expect(await sweepPublished(s3.store, 'app', new Date(Date.now() + 25 * 3_600_000))).toBe(2)
  expect(keys()).toHaveLength(21)
  for (const each of publications) await readPublished(s3.store, 'app', each, unpackedFolders())
  await s3.store.put(publishedKey('app'), 'nonsense')
  await expect(sweepPublished(s3.store, 'app', new Date(Date.now() + 25 * 3_600_000))).rejects.toMatchObject({
    code: 'store.corrupt',
  })
  expect(keys()).toHaveLength(21)
}, 30_000)

const read = async (migrations: TestMigration[]) => await readFolder(await migrationsFolder(migrations))

test('which of two folders is the later one', async () => {
  const [one, both] = [await read([ONE]), await read([ONE, TWO])]
  expect([hasMore(both, one), hasMore(one, both), hasMore(both, both)]).toEqual([true, false, false])
  const otherEndings = await read([{ ...ONE, sql: ONE.sql.replace('\r\n', '\n') }])
  expect(hasMore(both, otherEndings)).toBe(true)
  const edited = await read([{ ...ONE, sql: 'SELECT 1' }])
  expect(hasMore(both, edited)).toBe(false)
})

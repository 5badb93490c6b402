// Archives named by where they lie, as `archives` prints it: from another machine, with no configuration at all.
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { expect, test } from 'vitest'
import { directoryStore } from '../../lib/store/directory-store.ts'
import { parseArchiveLocation } from '../../lib/store/archive-location.ts'
import { dumpOf, ID, writtenArchive } from '../archive/archive-fixture.ts'
import { encodeArchive, SAMPLE, tableData } from '../archive/encode-archive.ts'
import { raingauge } from '../support/command-line.ts'
import { execute, targetUrl, testDatabase } from '../support/database.ts'
import { testFolder } from '../support/directory.ts'
import { testS3 } from '../support/s3.ts'

const ARCHIVE = encodeArchive([...SAMPLE.slice(0, 3), tableData(4, 'users', ['a\n', 'b\n'])])

const rowsOf = async (target: Awaited<ReturnType<typeof testDatabase>>) =>
  (await execute<{ rows: number }>(target, 'SELECT count(*)::int AS rows FROM public.users'))[0]?.rows

test('an archive in S3, by its URL', async () => {
  const { standIn, store } = await testS3({}, 'deep/er')
  const { location } = await writtenArchive(store, dumpOf(ARCHIVE))
  const env = {
    AWS_ENDPOINT_URL_S3: standIn.url.replace('127.0.0.1', 'localhost'),
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'test-secret-key',
  }
  expect(location).toBe(`s3://${standIn.bucketName}/deep/er/archives/app/production/${ID}/archive.dump.zst`)

  const verified = await raingauge(['verify', location, '--json'], { env })
  expect(verified).toMatchObject({ status: 0 })
  expect(JSON.parse(verified.stdout)).toMatchObject({ archive: location, whole: true })

  const copy = await testDatabase()
  const restored = await raingauge(['restore', location, '--to', targetUrl(copy), '--no-owner'], { env })
  expect(restored).toMatchObject({
    status: 0,
    stdout: expect.stringContaining(`restored ${location}`),
  })
  expect(await rowsOf(copy)).toBe(2)

  const gone = await raingauge(['verify', location.replace(ID, '20260102T030405Z-ffffffff')], { env })
  expect(gone).toMatchObject({ status: 2, stderr: expect.stringContaining('there is no manifest of 20260102T030405Z') })
  const elsewhere = await raingauge(['verify', `s3://${standIn.bucketName}/some.dump`], { env })
  expect(elsewhere).toMatchObject({ status: 64, stderr: expect.stringContaining('is not where an archive lies') })
})

test('an encrypted archive in a folder, by its path, with its key', async () => {
  const key = await generateX25519Identity()
  const folder = testFolder()
  const more = { recipients: [await identityToRecipient(key)] }
  const { location } = await writtenArchive(directoryStore(folder), dumpOf(ARCHIVE), more)
  writeFileSync(join(folder, 'key.txt'), key)
  const copy = await testDatabase()
  const words = ['restore', location, '--to', targetUrl(copy), '--no-owner']
  const blind = await raingauge(words)
  expect(blind).toMatchObject({ status: 2, stderr: expect.stringContaining('--identity') })
  const seeing = await raingauge([...words, '--identity', join(folder, 'key.txt')])
  expect(seeing).toMatchObject({ status: 0 })
  expect(await rowsOf(copy)).toBe(2)

  const alone = join(folder, 'alone.age')
  copyFileSync(location, alone)
  expect(await raingauge(['verify', alone])).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/alone\.age is encrypted with age[\s\S]*--identity FILE/),
  })
})

test.each([
  ['20260102T030405Z-0a1b2c3d', null],
  ['/some/where/archive.dump.zst', null],
  ['s3://bucket/archives/app/production/20260102T030405Z-0a1b2c3d/manifest.json', null],
  ['s3:///archives/app/production/20260102T030405Z-0a1b2c3d/archive.dump.zst', null],
  [
    's3://bucket/archives/app/production/20260102T030405Z-0a1b2c3d/archive.dump.zst',
    { kind: 's3', bucket: 'bucket', prefix: '' },
  ],
  [
    's3://bucket/archives/archives/app/production/20260102T030405Z-0a1b2c3d/archive.dump.zst.age',
    { kind: 's3', bucket: 'bucket', prefix: 'archives' },
  ],
  ['/archives/app/production/20260102T030405Z-0a1b2c3d/archive.dump.zst', { kind: 'directory', path: '/' }],
])('%s names the store %j', (text, store) => {
  expect(parseArchiveLocation(text)?.store ?? null).toEqual(store)
})

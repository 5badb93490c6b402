import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { chooseFolder } from '../../lib/job/choose-folder.ts'
import { runCheck } from '../../lib/job/check.ts'
import type { JobContext } from '../../lib/job/context.ts'
import { runPrune } from '../../lib/job/prune.ts'
import { publishFolder } from '../../lib/ledger/published/publish-folder.ts'
import { UnpackedFolders } from '../../lib/ledger/published/unpacked-folders.ts'
import { publicationKey, publishedKey } from '../../lib/store/keys.ts'
import { exitStatus } from '../../lib/run.ts'
import { jobContext } from '../support/job-context.ts'
import { migrationsFolder, type TestMigration } from '../support/migrations-folder.ts'

const ONE: TestMigration = { tag: '0000_one', sql: 'CREATE TABLE one ();' }
const TWO: TestMigration = { tag: '0001_two', sql: 'CREATE TABLE two ();' }
const THREE: TestMigration = { tag: '0002_three', sql: 'CREATE TABLE three ();' }

/** A function with a folder of its own, and what its log says. */
async function contextOf(bundled: TestMigration[], otherwise: 'bundled' | 'nothing' = 'bundled') {
  const unpacked = new UnpackedFolders()
  onTestFinished(async () => await unpacked[Symbol.asyncDispose]())
  const said: string[] = []
  const folder = await migrationsFolder(bundled)
  const context = jobContext(folder, {}, { published: { unpacked, otherwise }, progress: (line) => said.push(line) })
  return { context, said }
}

async function publish(migrations: TestMigration[], { store, project, now, published }: JobContext) {
  if (published === undefined) throw new Error('this context publishes')
  const path = await migrationsFolder(migrations)
  return (await publishFolder({ store, project, path, now, unpacked: published.unpacked })).publication
}

test('nothing is published: the bundled folder counts, and the log says so', async () => {
  const { context, said } = await contextOf([ONE])
  expect((await chooseFolder(context)).origin).toEqual({
    source: 'bundled',
    id: null,
    publishedAt: null,
    tag: '0000_one',
  })
  expect(said).toEqual(['folder: bundled, up to 0000_one'])
})

test('a published folder counts, unless the bundled one has all of it and more', async () => {
  const { context, said } = await contextOf([ONE, TWO])
  await publish([ONE], context)
  expect((await chooseFolder(context)).origin).toMatchObject({ source: 'bundled', tag: '0001_two' })
  const { id } = await publish([ONE, TWO, THREE], context)
  expect((await chooseFolder(context)).origin).toMatchObject({ source: 'published', id, tag: '0002_three' })
  expect(said.at(-1)).toBe(`folder: published ${id}, up to 0002_three`)
})

test('published as bundled, or another than bundled: the published one', async () => {
  const { context } = await contextOf([ONE, TWO])
  await publish([ONE, TWO], context)
  expect((await chooseFolder(context)).origin?.source).toBe('published')
  await publish([{ ...ONE, sql: 'SELECT 1' }], context)
  expect((await chooseFolder(context)).origin).toMatchObject({ source: 'published', tag: '0000_one' })
})

test('a bundle whose folder is no good does without it where another is published', async () => {
  const { context } = await contextOf([ONE])
  await publish([ONE], context)
  await rm(join(context.folder, 'meta'), { recursive: true })
  expect((await chooseFolder(context)).origin?.source).toBe('published')
})

test('from a terminal the folder at hand counts, and with --published nothing else does', async () => {
  const { context } = await contextOf([ONE, TWO], 'nothing')
  await expect(chooseFolder(context)).rejects.toMatchObject({ code: 'folder.missing' })
  await publish([ONE], context)
  expect((await chooseFolder(context)).origin?.source).toBe('published')
  expect((await chooseFolder({ ...context, published: undefined })).origin?.source).toBe('local')
})

test('a damaged one is unknown, loudly, never the bundled one; so is a record that cannot be read', async () => {
  const { context } = await contextOf([ONE])
  const { id } = await publish([ONE, TWO], context)
  const key = publicationKey('app', id)
  await context.store.put(key, 'nonsense')
  // Of another invocation, which has not unpacked it yet.
  const anew = { ...context, published: { unpacked: new UnpackedFolders(), otherwise: 'bundled' as const } }
  const run = await runCheck(anew)
  expect(run.verdicts).toMatchObject([{ check: 'folder', status: 'unknown' }])
  expect(run.verdicts[0]?.reason).toMatch(
    /published folder .*json\.zst is damaged: .*\(publish it again: raingauge publish\)/,
  )
  expect(exitStatus(run)).toBe(2)
  expect(run.folder).toBeUndefined()
  await context.store.put(publishedKey('app'), '[]')
  expect((await runCheck(anew)).verdicts[0]?.reason).toMatch(/is no record of published migrations/)
})

test('a run says which folder it went by', async () => {
  const { context } = await contextOf([ONE])
  const publication = await publish([ONE, TWO], context)
  const { folder, verdicts } = await runCheck(context)
  const { id, publishedAt } = publication
  expect(folder).toEqual({ source: 'published', id, publishedAt, tag: '0001_two' })
  expect(verdicts).toMatchObject([{ check: 'folder', status: 'clean' }])
})

test('prune removes what nobody goes by, and says when it cannot', async () => {
  const { context } = await contextOf([ONE])
  const { id } = await publish([ONE], context)
  const leftover = publicationKey('app', '20200101T000000Z-0123456789abcdef')
  await context.store.put(leftover, 'of a publisher that was killed')
  const later = { ...context, now: () => new Date(Date.now() + 25 * 3_600_000) }
  expect((await runPrune(later, { dryRun: true })).run.problems).toEqual([])
  expect(await context.store.get(leftover)).not.toBeNull()
  expect((await runPrune(later)).run.problems).toEqual([])
  expect(await context.store.get(leftover)).toBeNull()
  expect(await context.store.get(publicationKey('app', id))).not.toBeNull()
  await context.store.put(leftover, 'again')
  await context.store.put(publishedKey('app'), '[]')
  expect((await runPrune(later)).run.problems[0]).toMatch(/^old published migrations could not be removed: /)
  expect(await context.store.get(leftover)).not.toBeNull()
})

import { expect, test } from 'vitest'
import { completeArchivePolicy } from '../../lib/config/archive-policy.ts'
import { RaingaugeError } from '../../lib/error.ts'
import { findArchive, listArchives } from '../../lib/archive/list-archives.ts'
import { removeArchive } from '../../lib/archive/remove-archive.ts'
import { verifyArchive } from '../../lib/archive/verify-archive.ts'
import type { JobContext } from '../../lib/job/context.ts'
import { runDrill } from '../../lib/job/drill.ts'
import { runPrune } from '../../lib/job/prune.ts'
import { asOnlyBackup } from '../../lib/job/as-only-backup.ts'
import { archiveId, archiveKey } from '../../lib/store/keys.ts'
import type { Store } from '../../lib/store/store.ts'
import { dumpOf, keysIn, writtenArchive } from '../archive/archive-fixture.ts'
import { encodeArchive } from '../archive/encode-archive.ts'
import { jobContext } from '../support/job-context.ts'

const NOW = new Date('2026-11-22T09:00:00Z')
const TARGET = { host: 'nowhere', port: 1, user: 'u', database: 'd' } as Parameters<typeof jobContext>[1][string]

/** A verified archive of each of the last days, the newest first. */
async function withNights(
  count: number,
  changes: Partial<JobContext> = {},
): Promise<{ context: JobContext; ids: string[] }> {
  const context = jobContext(
    '/nowhere',
    { production: TARGET },
    {
      now: () => NOW,
      archivePolicy: completeArchivePolicy({ keep: { daily: 2, weekly: 0, monthly: 0, atLeast: 1 } }),
      ...changes,
    },
  )
  const dump = encodeArchive()
  const ids: string[] = []
  for (let back = 0; back < count; back++) {
    const startedAt = new Date(NOW.getTime() - back * 86_400_000)
    const id = archiveId(startedAt, Buffer.from([0, 0, 0, back]))
    const record = await writtenArchive(context.store, dumpOf(dump), { id }, () => startedAt)
    await verifyArchive(context.store, record, () => startedAt)
    ids.push(id)
  }
  return { context, ids }
}

const listed = async ({ store }: JobContext) => (await listArchives(store, 'app', 'production')).map(({ id }) => id)

test('removes whole archives that the policy does not keep, and leaves the others as they are', async () => {
  const { context, ids } = await withNights(5)
  const { run, pruned } = await runPrune(context)
  expect(run).toMatchObject({ job: 'prune', verdicts: [{ check: 'archive', status: 'clean', findings: [] }] })
  expect(pruned).toMatchObject([{ environment: 'production', remove: ids.slice(2).map((id) => ({ id })) }])
  expect(await listed(context)).toEqual(ids.slice(0, 2))
  expect((await keysIn(context.store)).filter((key) => ids.slice(2).some((id) => key.includes(id)))).toEqual([])
  for (const id of ids.slice(0, 2)) {
    const record = await findArchive(context.store, 'app', 'production', id)
    if (record?.kind !== 'archive') throw new Error('a kept archive is gone')
    await verifyArchive(context.store, record, () => NOW)
  }
  expect((await runPrune(context)).pruned).toMatchObject([{ remove: [] }])
})

test('a dry run says the same and removes nothing', async () => {
  const { context, ids } = await withNights(4)
  const before = await keysIn(context.store)
  const { pruned } = await runPrune(context, { dryRun: true })
  expect(pruned[0]?.remove.map(({ id }) => id)).toEqual(ids.slice(2))
  expect(await keysIn(context.store)).toEqual(before)
})

test('one that is cut off half-way through an archive leaves none that could be taken for whole, and every newer one', async () => {
  const { context, ids } = await withNights(5)
  const { store } = context
  let deletions = 0
  const failing: Store = {
    ...store,
    async delete(key) {
      if (++deletions === 2) throw new RaingaugeError('store.unavailable', 'the connection was cut')
      await store.delete(key)
    },
  }
  const { run } = await runPrune({ ...context, store: failing })
  expect(run.verdicts).toMatchObject([{ status: 'unknown', reason: expect.stringContaining('the connection was cut') }])
  // The oldest lost its manifest, and so is no archive any more; the others were not touched.
  expect(await listed(context)).toEqual(ids.slice(0, 4))
  expect((await keysIn(store)).filter((key) => key.includes(ids[4] ?? '?'))).not.toEqual([])
})

test('what was left of an archive that is no more goes with the next prune, once it is an hour old', async () => {
  const { context, ids } = await withNights(3)
  await context.store.delete(archiveKey('app', 'production', ids[0] ?? '', 'manifest.json'))
  const ofHalf = async () => (await keysIn(context.store)).filter((key) => key.includes(ids[0] ?? '?'))
  const soon = new Date(Date.now() + 60_000)
  expect((await runPrune({ ...context, now: () => soon })).run.verdicts[0]?.findings).not.toContainEqual(
    expect.objectContaining({ kind: 'archive.leftover' }),
  )
  expect(await ofHalf()).not.toEqual([])
  const later = new Date(Date.now() + 7_200_000)
  expect((await runPrune({ ...context, now: () => later })).run.verdicts[0]?.findings).toContainEqual(
    expect.objectContaining({ kind: 'archive.leftover', severity: 'info' }),
  )
  expect(await ofHalf()).toEqual([])
})

test('two at once: one after the other, and the second finds its work done', async () => {
  const { context, ids } = await withNights(5)
  let atWork = 0
  let most = 0
  const { store } = context
  const watched: Store = {
    ...store,
    async delete(key) {
      most = Math.max(most, ++atWork)
      await store.delete(key)
      atWork--
    },
  }
  const both = await Promise.all([1, 2].map(() => runPrune({ ...context, store: watched })))
  expect(most).toBe(1)
  expect(both.map(({ pruned }) => pruned[0]?.remove.length)).toContain(0)
  expect(both.map(({ pruned }) => pruned[0]?.remove.length)).toContain(3)
  expect(both.map(({ run }) => run.verdicts[0]?.status)).toEqual(['clean', 'clean'])
  expect(await listed(context)).toEqual(ids.slice(0, 2))
})

test('while a backup is at work nothing goes, and no verdict is given', async () => {
  const { context, ids } = await withNights(5)
  await asOnlyBackup('production', context, async () => {
    const { run, pruned } = await runPrune(context)
    expect(run).toMatchObject({
      verdicts: [],
      notes: [expect.stringMatching(/^production: .* is backing it up since/)],
    })
    expect(pruned).toEqual([])
    expect((await runPrune(context, { dryRun: true })).pruned[0]?.remove).toHaveLength(3)
  })
  expect(await listed(context)).toEqual(ids)
})

test('a backup waits for a prune, rather than give the night up', async () => {
  const { context, ids } = await withNights(3)
  let begun: Promise<string[]> | undefined
  const { store } = context
  const meeting: Store = {
    ...store,
    async delete(key) {
      begun ??= asOnlyBackup('production', context, () => listed(context)).then((done) =>
        done.held === null ? done.result : [],
      )
      await store.delete(key)
    },
  }
  await runPrune({ ...context, store: meeting })
  expect(await begun).toEqual(ids.slice(0, 2))
})

test('an archive that is removed while a drill reads it was not proven, and did not fail', async () => {
  const { context, ids } = await withNights(1)
  const { store } = context
  const place = { project: 'app', environment: 'production', id: ids[0] ?? '' }
  const losing: Store = {
    ...store,
    async *read(key, range) {
      await removeArchive(store, place)
      yield* store.read(key, range)
    },
  }
  const { verdicts } = await runDrill({ ...context, store: losing })
  expect(verdicts).toMatchObject([{ status: 'unknown', reason: expect.stringContaining(place.id) }])
  expect((await keysIn(store)).filter((key) => key.includes(place.id))).toEqual([])
})

test('a store that cannot be listed is no reason to remove anything', async () => {
  const { context, ids } = await withNights(3)
  const { store } = context
  const blind: Store = {
    ...store,
    async get(key) {
      if (key.endsWith('/verified.json')) throw new RaingaugeError('store.unavailable', 'no answer')
      return await store.get(key)
    },
  }
  expect((await runPrune({ ...context, store: blind })).run.verdicts).toMatchObject([{ status: 'unknown' }])
  expect(await listed(context)).toEqual(ids)
})

test('the last good archive stays, whatever came after it', async () => {
  const { context, ids } = await withNights(1)
  const spoiled = archiveId(NOW, Buffer.from([9, 9, 9, 9]))
  await writtenArchive(context.store, dumpOf(encodeArchive()), { id: spoiled })
  const much = completeArchivePolicy({ keep: { daily: 0, weekly: 0, monthly: 0, yearly: 0, atLeast: 1 } })
  const { run } = await runPrune({ ...context, archivePolicy: much, now: () => new Date('2029-01-01') })
  expect(await listed(context)).toContain(ids[0])
  // It is told that nothing recent is there, too.
  expect(run.verdicts[0]?.findings.map(({ kind }) => kind)).toContain('archive.stale')
})

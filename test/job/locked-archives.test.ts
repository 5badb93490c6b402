import { expect, test } from 'vitest'
import { completeArchivePolicy } from '../../lib/config/archive-policy.ts'
import { RaingaugeError } from '../../lib/error.ts'
import type { JobContext } from '../../lib/job/context.ts'
import { runBackup } from '../../lib/job/backup.ts'
import { runPrune } from '../../lib/job/prune.ts'
import { watchArchives } from '../../lib/job/watch-archives.ts'
import { archivePrefix } from '../../lib/store/keys.ts'
import type { Store } from '../../lib/store/store.ts'
import { execute, testDatabase } from '../support/database.ts'
import { jobContext } from '../support/job-context.ts'

const LOCK = { days: 30, mode: 'governance' } as const
const policy = completeArchivePolicy({ lock: LOCK, keep: { daily: 0, weekly: 0, monthly: 0, atLeast: 1 } })
const NOW = new Date('2026-11-22T09:00:00Z')

async function watched(changes: Partial<JobContext> = {}): Promise<JobContext> {
  const target = await testDatabase()
  await execute(target, 'CREATE TABLE public.t AS SELECT 1 AS n')
  return jobContext('/nowhere', { production: target }, changes)
}

async function keysOf(store: Store): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list(archivePrefix('app', 'production'))) keys.push(key)
  return keys
}

test('what is verified is locked, every part of it, and prune leaves it until the lock ends', async () => {
  const context = await watched({ archivePolicy: policy })
  const { verdicts, archives } = await runBackup(context)
  expect(verdicts).toMatchObject([{ status: 'clean', findings: [] }])
  const locked = await Promise.all(
    (await keysOf(context.store)).map(async (key) => [key.split('/').at(-1), await context.store.retention(key)]),
  )
  const until = { mode: 'governance', until: new Date('2026-12-22T09:00:00Z') }
  expect(Object.fromEntries(locked)).toEqual({
    'archive.dump.zst': until,
    'catalog.json.zst': until,
    'globals.sql': until,
    'manifest.json': until,
    'verified.json': null,
  })
  const later = { ...context, now: () => new Date('2026-12-01T09:00:00Z') }
  await runBackup(later)
  const [kept] = (await runPrune(later)).pruned
  expect(kept).toMatchObject({
    remove: [],
    keep: [{}, { id: archives[0]?.id, reasons: ['locked until 2026-12-22T09:00:00.000Z'] }],
  })
})

test('a store that cannot lock: the archive is made, and that it is not locked is told by every job', async () => {
  const { store, ...rest } = await watched({ archivePolicy: policy })
  const unable: Store = {
    ...store,
    retain: () => Promise.reject(new RaingaugeError('store.unsupported', 'the bucket has no Object Lock')),
  }
  const context = { ...rest, store: unable }
  const { verdicts, archives } = await runBackup(context)
  expect(archives).toMatchObject([{ trust: 'verified' }])
  expect(verdicts[0]?.findings.map(({ kind }) => kind)).toContain('archive.unlocked')
  expect((await watchArchives('production', context)).findings).toMatchObject([
    { kind: 'archive.unlocked', summary: expect.stringContaining('is not kept for 30 days') },
  ])
})

test('an upload that nobody swept for days is told from the store alone', async () => {
  const context = await watched()
  await runBackup(context)
  const old: Store = {
    ...context.store,
    async *unfinished(prefix) {
      yield {
        key: `${prefix}x/archive.dump.zst`,
        aliveAt: new Date(NOW.getTime() - 49 * 3_600_000),
        discard: async () => {},
      }
      yield { key: `${prefix}y/archive.dump.zst`, aliveAt: NOW, discard: async () => {} }
    },
  }
  expect((await watchArchives('production', { ...context, store: old })).findings).toMatchObject([
    {
      kind: 'archive.leftover',
      severity: 'warning',
      summary: expect.stringMatching(/^1 incomplete upload older than two days/),
    },
  ])
})

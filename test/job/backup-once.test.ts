// One backup at a time, one archive of a slot, nothing left of killed ones: as the whole job tells it.
import { expect, test } from 'vitest'
import { listArchives } from '../../lib/archive/list-archives.ts'
import { runBackup } from '../../lib/job/backup.ts'
import type { JobContext } from '../../lib/job/context.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { exitStatus } from '../../lib/run.ts'
import { archiveKey, lockKey } from '../../lib/store/keys.ts'
import { LEASE_TIMES, takeNote } from '../../lib/store/lease.ts'
import { ANY_MAJOR, testDatabase } from '../support/database.ts'
import { jobContext } from '../support/job-context.ts'
import { migrationsFolder } from '../support/migrations-folder.ts'
import { testS3 } from '../support/s3.ts'

const SQL = 'CREATE TABLE public.t AS SELECT 1 AS n'
const SLOT = new Date('2026-11-22T09:00:00Z')
const KILLED = '20261121T090000Z-0a0b0c0d'

const inTwoHours = (): Date => new Date(Date.now() + 7_200_000)

const idsOf = async ({ store, project }: JobContext): Promise<string[]> =>
  (await listArchives(store, project, 'production')).map(({ id }) => id)

test('two runs at once: one makes an archive, the other says who is at it and gives no verdict', async () => {
  const target = await testDatabase(ANY_MAJOR, SQL)
  const folder = await migrationsFolder([])
  const gate = Promise.withResolvers<Target>()
  const began = Promise.withResolvers<void>()
  const context = jobContext(folder, { production: target })
  const asked = (): Promise<Target> => {
    began.resolve()
    return gate.promise
  }
  const first = runBackup({ ...context, environments: [{ name: 'production', target: asked }] })
  await began.promise
  const second = await runBackup(context)
  expect(second).toMatchObject({ verdicts: [], archives: [], problems: [] })
  expect(second.notes).toEqual([expect.stringMatching(/^production: process \d+ on .+ is backing it up since 2026-/)])
  expect(exitStatus(second)).toBe(0)
  gate.resolve(target)
  expect(await first).toMatchObject({ verdicts: [{ status: 'clean' }], archives: [{ trust: 'verified' }] })
  expect((await first).notes).toBeUndefined()
  expect(await idsOf(context)).toHaveLength(1)
})

test('a slot makes one archive, however often it is run, and the next slot another', async () => {
  const target = await testDatabase(ANY_MAJOR, SQL)
  const context = jobContext(await migrationsFolder([]), { production: target })
  const first = await runBackup(context, SLOT)
  const [id = ''] = await idsOf(context)
  const later = { ...context, now: () => new Date('2026-11-22T09:05:00Z') }
  const again = await runBackup(later, SLOT)
  expect(again.verdicts).toMatchObject([{ status: 'clean' }])
  expect(again.archives).toEqual(first.archives)
  expect(await idsOf(context)).toEqual([id])

  // The first run was killed before it had read its archive back: that is made up for.
  await context.store.delete(archiveKey('app', 'production', id, 'verified.json'))
  expect((await runBackup(later, SLOT)).archives).toMatchObject([{ id, trust: 'verified' }])
  await runBackup(later, new Date('2026-11-22T10:00:00Z'))
  await runBackup(later)
  expect(await idsOf(context)).toHaveLength(3)
})

test('a holder that was taken over publishes nothing and says so in one finding', async () => {
  const target = await testDatabase(ANY_MAJOR, SQL)
  const context = jobContext(await migrationsFolder([]), { production: target })
  const key = lockKey('app', 'production', 'backup')
  let taking: Promise<unknown> | undefined
  const { verdicts, notes } = await runBackup({
    ...context,
    progress(line) {
      if (line !== 'production: backing up') return
      taking ??= context.store.put(key, JSON.stringify(takeNote('b', 'another', new Date(), LEASE_TIMES)))
    },
  })
  await taking
  expect(verdicts).toMatchObject([
    { status: 'unknown', findings: [{ kind: 'archive.failed', summary: expect.stringContaining('taken over') }] },
  ])
  expect(verdicts[0]?.findings).toHaveLength(1)
  expect(notes).toBeUndefined()
  expect(await idsOf(context)).toEqual([])
  const left: string[] = []
  for await (const object of context.store.list('archives/')) left.push(object.key)
  expect(left).toEqual([])
})

test('what killed backups left is removed, counted and told; where it may not be, the archive is made all the same', async () => {
  const target = await testDatabase(ANY_MAJOR, SQL)
  const { store, standIn } = await testS3()
  const context = jobContext(await migrationsFolder([]), { production: target }, { store, now: inTwoHours })
  await store.put(archiveKey('app', 'production', KILLED, 'archive.dump.zst'), 'half')
  standIn.bucket.begin(`raingauge/${archiveKey('app', 'production', KILLED, 'archive.dump.zst')}`, {}, undefined)
  const { verdicts } = await runBackup(context)
  expect(verdicts).toMatchObject([
    {
      status: 'clean',
      findings: [
        {
          kind: 'archive.leftover',
          severity: 'info',
          summary: 'removed what killed backups had left: 1 unfinished upload and 1 file (4 bytes)',
        },
      ],
    },
  ])
  expect(standIn.bucket.uploads.size).toBe(0)
  expect([...standIn.bucket.objects.keys()].filter((key) => key.includes(KILLED))).toEqual([])

  standIn.fail(3, { operation: 'ListMultipartUploads', status: 403, code: 'AccessDenied' })
  const hindered = await runBackup(context)
  expect(hindered.verdicts).toMatchObject([
    { status: 'findings', findings: [{ kind: 'archive.leftover', severity: 'warning' }] },
  ])
  expect(hindered.archives).toMatchObject([{ trust: 'verified' }])
})

test('a store that fails in the middle is one finding, and no archive', async () => {
  const target = await testDatabase(ANY_MAJOR, SQL)
  const { store, standIn } = await testS3()
  const context = jobContext(await migrationsFolder([]), { production: target }, { store })
  // The lease is taken; then the credentials end.
  standIn.fail(99, { operation: 'PutObject', status: 400, code: 'ExpiredToken', after: 3 })
  const { verdicts, archives } = await runBackup(context)
  standIn.heal()
  expect(archives).toEqual([])
  expect(verdicts).toMatchObject([
    { status: 'unknown', findings: [{ kind: 'archive.failed', summary: expect.stringContaining('renew them') }] },
  ])
  expect(verdicts[0]?.findings).toHaveLength(1)
  expect(await idsOf(context)).toEqual([])
})

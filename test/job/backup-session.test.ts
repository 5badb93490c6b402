// What a backup asks of its sessions, and what it takes along of the server.
import { expect, test } from 'vitest'
import { readKeptGlobals } from '../../lib/archive/envelope.ts'
import { parseGlobals } from '../../lib/archive/globals/globals-file.ts'
import { listArchives } from '../../lib/archive/list-archives.ts'
import { verifyArchive } from '../../lib/archive/verify-archive.ts'
import { RaingaugeError } from '../../lib/error.ts'
import { runBackup } from '../../lib/job/backup.ts'
import { withClient } from '../../lib/postgres/client.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { archiveKey, lockKey } from '../../lib/store/keys.ts'
import { keysIn } from '../archive/archive-fixture.ts'
import { ANY_MAJOR, execute, serverTarget, testDatabase, testRole } from '../support/database.ts'
import { jobContext } from '../support/job-context.ts'

test('a role of few rights and short patience backs up, while the limits of its role stay for others', async () => {
  const target = await testDatabase(ANY_MAJOR, 'CREATE TABLE public.t (c text)')
  const reader = await testRole(target, ANY_MAJOR)
  const limits = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout']
  await execute(
    target,
    `GRANT pg_read_all_data TO ${reader.user}; GRANT SELECT ON public.t TO ${reader.user}; ${limits.map((limit) => `ALTER ROLE ${reader.user} SET ${limit} TO '1s'`).join('; ')}`,
  )
  const context = jobContext('/nowhere', { production: reader })
  const backup = await withClient(target, 'testing', async (holder) => {
    await holder.query('BEGIN; LOCK TABLE public.t IN ACCESS EXCLUSIVE MODE')
    const running = runBackup(context)
    // pg_dump waits for its lock longer than the role may wait for anything.
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE usename = '${reader.user}' AND now() - xact_start > '1.3s'`
    while ((await execute(target, waiting)).length < 2) await new Promise((resolve) => setTimeout(resolve, 100))
    await holder.query('ROLLBACK')
    return await running
  })
  expect(backup.verdicts).toMatchObject([{ status: 'clean' }])
  const [record] = await listArchives(context.store, 'app', 'production')
  if (record?.kind !== 'archive') throw new Error('no archive')
  const { manifest, id } = record
  expect(Object.keys(manifest.durations).toSorted()).toEqual(['dump', 'snapshot', 'upload'])
  expect(manifest.durations['dump']).toBeGreaterThan(1_000)

  const statements = parseGlobals((await readKeptGlobals(context.store, manifest, null)) ?? '')
  const settings = statements.filter(({ kind, name }) => kind === 'role-setting' && name === reader.user)
  expect(settings).toHaveLength(limits.length)
  await context.store.put(archiveKey('app', 'production', id, 'globals.sql'), 'another')
  await expect(verifyArchive(context.store, record, context.now)).rejects.toThrow('globals.sql has another SHA-256')
})

test('an engine that is not there is a backup that failed, and says what to do', async () => {
  const target = await testDatabase()
  const context = jobContext(
    '/nowhere',
    { production: target },
    { dumpEngine: { engine: 'native', program: '/nowhere/pg_dump' } },
  )
  expect((await runBackup(context)).verdicts).toMatchObject([
    { status: 'unknown', findings: [{ kind: 'archive.failed', summary: expect.stringContaining('/nowhere/pg_dump') }] },
  ])
})

/** What each session of ours in that database waits for. */
async function waits({ database }: Target): Promise<string[]> {
  const sessions = `SELECT wait_event_type AS wait FROM pg_stat_activity WHERE datname = '${database}' AND application_name = 'raingauge'`
  return (await execute<{ wait: string }>(serverTarget(ANY_MAJOR), sessions)).map(({ wait }) => wait)
}

test('a backup that is told to stop, as before the deadline of a function, leaves no archive, upload, lease or session', async () => {
  const target = await testDatabase(ANY_MAJOR, 'CREATE TABLE public.t (c text)')
  const stop = new AbortController()
  const context = jobContext('/nowhere', { production: target }, { signal: stop.signal })
  await withClient(target, 'testing', async (holder) => {
    await holder.query('BEGIN; LOCK TABLE public.t IN ACCESS EXCLUSIVE MODE')
    const running = runBackup(context)
    while (!(await waits(target)).includes('Lock')) await new Promise((resolve) => setTimeout(resolve, 25))
    stop.abort(new RaingaugeError('cancelled', 'out of time'))
    await expect(running).rejects.toMatchObject({ code: 'cancelled', message: 'out of time' })
    while ((await waits(target)).length > 1) await new Promise((resolve) => setTimeout(resolve, 25))
  })
  expect(await keysIn(context.store)).toEqual([lockKey('app', 'production', 'backup')])
  const lease = await context.store.get(lockKey('app', 'production', 'backup'))
  expect(lease?.body.toString()).toContain('"released":true')
  for await (const { key } of context.store.unfinished('')) expect.unreachable(key)
})

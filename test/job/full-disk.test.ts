// Disks that are full: of the store, of the server that is restored into, of the scratch server of a drill.
import { chownSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { listArchives } from '../../lib/archive/list-archives.ts'
import { restoreArchive } from '../../lib/archive/restore-archive.ts'
import { storedSource } from '../../lib/archive/stored-source.ts'
import { runBackup } from '../../lib/job/backup.ts'
import { runDrill } from '../../lib/job/drill.ts'
import { withScratch, type Scratch } from '../../lib/scratch/scratch.ts'
import { directoryStore } from '../../lib/store/directory-store.ts'
import { ANY_MAJOR, execute, serverTarget, testDatabase } from '../support/database.ts'
import { jobContext } from '../support/job-context.ts'
import { canMount, fillUp, smallDisk } from '../support/small-disk.ts'

/** 20 MB in the server, next to nothing in an archive. */
const LARGE = `
CREATE TABLE public.small AS SELECT 1 AS n;
CREATE TABLE public.large AS SELECT n, repeat('x', 1900) AS filler FROM generate_series(1, 10000) n`
/** 5 MB that cannot be compressed. */
const NOISE = `CREATE TABLE public.noise AS SELECT sha512(n::text::bytea) AS bytes FROM generate_series(1, 40000) n`

async function backedUp() {
  const target = await testDatabase(ANY_MAJOR, LARGE)
  const context = jobContext('/nowhere', { production: target })
  expect((await runBackup(context)).verdicts).toMatchObject([{ status: 'clean' }])
  return context
}

async function newest(context: ReturnType<typeof jobContext>) {
  const [record] = await listArchives(context.store, 'app', 'production', 1)
  if (record?.kind !== 'archive') throw new Error('there is no archive')
  return record
}

describe.skipIf(!canMount())('a full disk', () => {
  test('of the store: no archive, nothing left of it, one clear finding', async () => {
    const disk = smallDisk(2)
    const target = await testDatabase(ANY_MAJOR, NOISE)
    const context = jobContext('/nowhere', { production: target }, { store: directoryStore(join(disk, 'store')) })
    const { verdicts } = await runBackup(context)
    expect(verdicts).toMatchObject([
      {
        status: 'unknown',
        reason: expect.stringMatching(/ENOSPC: no space left on device.*make room/),
        findings: [{ kind: 'archive.failed' }],
      },
    ])
    expect(
      readdirSync(disk, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:zst|tmp)/.test(name)),
    ).toEqual([])
    expect(await listArchives(context.store, 'app', 'production')).toEqual([])
  })

  test('of the server that is restored into: the table is named, no half of it is there, nobody is left at work', async () => {
    const context = await backedUp()
    const { manifest } = await newest(context)
    const target = await databaseOn(smallDisk(16))
    await expect(
      restoreArchive(storedSource(context.store, manifest, null), target, { jobs: 2 }),
    ).rejects.toMatchObject({
      code: 'archive.restore',
      message: expect.stringMatching(
        /^restoring TABLE DATA public\.large: could not extend file .*No space left on device.* is left incomplete, with the rows of [01] of 2 tables$/,
      ),
      remedy: expect.stringContaining('the disk of the server is full'),
    })
    expect(await execute(target, 'SELECT count(*)::int AS rows FROM public.large')).toEqual([{ rows: 0 }])
    const others = `SELECT query FROM pg_stat_activity WHERE datname = '${target.database}' AND application_name = 'raingauge' AND pid <> pg_backend_pid()`
    expect(await execute(target, others)).toEqual([])
  })

  test(
    'of the scratch server of a drill: unknown, and nothing against the archive; the scratch goes',
    { timeout: 120_000 },
    async () => {
      const context = await backedUp()
      const disk = smallDisk(400)
      vi.stubEnv('TMPDIR', disk)
      onTestFinished(() => void vi.unstubAllEnvs())
      await withScratch(async (scratch) => {
        // Room for the log of the server, without which it would end, and no more.
        const filled: Scratch = {
          withDatabase: (major, use, wish) =>
            scratch.withDatabase(
              major,
              (lent, choice) => {
                fillUp(disk, 18)
                return use(lent, choice)
              },
              wish,
            ),
        }
        expect((await runDrill({ ...context, scratch: filled })).verdicts).toMatchObject([
          {
            status: 'unknown',
            reason: expect.stringMatching(/^the scratch Postgres: restoring TABLE DATA public\.large: .*No space left/),
          },
        ])
      })
      expect(await newest(context)).toMatchObject({ trust: 'verified', failure: null })
      expect(readdirSync(disk)).toEqual(['filler'])
    },
  )
})

/** A database whose files lie on that disk, as far as they fit. */
async function databaseOn(disk: string) {
  const server = serverTarget(ANY_MAJOR)
  const name = `full_disk_${process.pid}`
  const [place] = await execute<{ folder: string }>(server, `SELECT current_setting('data_directory') AS folder`)
  const owner = statSync(place?.folder ?? '')
  const folder = join(disk, 'space')
  mkdirSync(folder)
  chownSync(folder, owner.uid, owner.gid)
  const target = await testDatabase()
  await execute(server, `CREATE TABLESPACE ${name} LOCATION '${folder}'`)
  await execute(server, `ALTER DATABASE ${target.database} SET TABLESPACE ${name}`)
  onTestFinished(async () => {
    await execute(server, `DROP DATABASE IF EXISTS ${target.database} WITH (FORCE)`)
    await execute(server, `DROP TABLESPACE ${name}`)
  })
  return target
}

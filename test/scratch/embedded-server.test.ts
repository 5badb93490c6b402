import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { withSnapshot } from '../../lib/postgres/client.ts'
import { findServerBinaries } from '../../lib/scratch/server-binaries.ts'
import { withScratch } from '../../lib/scratch/scratch.ts'
import { MAJORS } from '../support/database.ts'

test.each(MAJORS)('lends an empty database on a real server of major %i, and removes every trace', async (major) => {
  let folder = ''
  await withScratch(async (scratch) => {
    await scratch.withDatabase(major, async (target) => {
      folder = target.host
      const version = await withSnapshot(target, 'testing', async (client) => {
        const { rows } = await client.query<{ v: string; tables: string }>(
          `SELECT current_setting('server_version_num') AS v, (SELECT count(*) FROM pg_catalog.pg_class WHERE relnamespace = 'public'::regnamespace) AS tables`,
        )
        return rows[0]
      })
      expect(Math.floor(Number(version?.v) / 10_000)).toBe(major)
      expect(version?.tables).toBe('0')
      expect(existsSync(folder)).toBe(true)
    })
  })
  expect(existsSync(folder)).toBe(false)
})

test('ends its servers when the work fails', async () => {
  let folder = ''
  const work = withScratch((scratch) =>
    scratch.withDatabase(17, (target) => {
      folder = target.host
      throw new Error('the work failed')
    }),
  )
  await expect(work).rejects.toThrow('the work failed')
  expect(existsSync(folder)).toBe(false)
})

test('a server outlives neither its parent nor leaves its folder when the parent is killed', async () => {
  const program = `
    import { startEmbeddedServer } from './lib/scratch/embedded-server.ts'
    import { findServerBinaries } from './lib/scratch/server-binaries.ts'
    const server = await startEmbeddedServer(findServerBinaries(17))
    process.stdout.write(server.target('postgres').host)
    process.kill(process.pid, 'SIGKILL')`
  const child = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]).catch(
    (error: unknown) => error as { stdout: string; signal: string },
  )
  const folder = child.stdout
  expect(folder).toMatch(/raingauge-pg-/)
  await expect.poll(() => existsSync(folder), { timeout: 10_000 }).toBe(false)
})

test('says what is missing for a major that is not embedded', () => {
  expect(() => findServerBinaries(14)).toThrow(
    expect.objectContaining({
      code: 'scratch.unavailable',
      remedy: expect.stringContaining('embedded are the majors 15, 16, 17, 18'),
    }),
  )
})

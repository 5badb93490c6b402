import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { diffCatalogs } from '../../lib/schema/diff-catalogs.ts'
import { startPGliteServer } from '../../lib/scratch/pglite-server.ts'
import { execute, MAJORS, testDatabase } from '../support/database.ts'
import { ONE_OF_EVERYTHING } from '../schema/one-of-everything.ts'
import { catalogOf } from '../schema/support.ts'

test('tells of one of everything what a real server tells; no connection sees the settings of another; ends even when it hangs', async () => {
  const server = await startPGliteServer(['vector'])
  try {
    await execute(server.target, ONE_OF_EVERYTHING)
    const lite = await catalogOf(server.target)
    for (const major of [MAJORS[0], MAJORS[3]]) {
      const real = await catalogOf(await testDatabase(major, ONE_OF_EVERYTHING))
      expect(real.objects.length).toBeGreaterThan(100)
      expect(diffCatalogs(lite, real)).toEqual([])
      expect(diffCatalogs(real, lite)).toEqual([])
    }
    await execute(server.target, 'CREATE ROLE bob; SET search_path = app; SET SESSION AUTHORIZATION bob')
    const seen = await execute(server.target, `SELECT current_user AS u, current_setting('search_path') AS p`)
    expect(seen).toEqual([{ u: 'postgres', p: 'public' }])
    const hanging = execute(server.target, 'DO $$ BEGIN LOOP END LOOP; END $$').catch((error: unknown) => error)
    await server.stop()
    expect(await hanging).toMatchObject({ code: 'postgres.lost' })
  } finally {
    await server.stop()
  }
  expect(existsSync(server.target.host)).toBe(false)
}, 180_000)

test('a program that dies of the signal leaves no folder either when its parent is killed', async () => {
  const program = `
    import { mkdtempSync } from 'node:fs'
    import { launchGuarded } from './lib/scratch/server-process.ts'
    const folder = mkdtempSync('/tmp/raingauge-test-')
    launchGuarded(folder, [process.execPath, '--eval', 'setInterval(() => {}, 1000)'], { env: { PATH: '/usr/bin:/bin' } })
    process.stdout.write(folder)
    process.kill(process.pid, 'SIGKILL')`
  const child = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]).catch(
    (error: unknown) => error as { stdout: string },
  )
  expect(child.stdout).toMatch(/raingauge-test-/)
  await expect.poll(() => existsSync(child.stdout), { timeout: 10_000 }).toBe(false)
})

test('says so when it does not start', async () => {
  await expect(startPGliteServer(['nonsense'])).rejects.toMatchObject({
    code: 'scratch.unavailable',
    message: expect.stringContaining('nonsense'),
  })
})

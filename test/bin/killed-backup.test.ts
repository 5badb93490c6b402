// A backup that is killed in the middle, as a real process: nobody takes its half archive for one, and the next clears it away.
import { readdirSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { raingaugeJson, startRaingauge } from '../support/command-line.ts'
import { ANY_MAJOR, targetUrl, testDatabase } from '../support/database.ts'
import { testFolder } from '../support/directory.ts'
import { migrationsFolder } from '../support/migrations-folder.ts'

const LARGE = 'CREATE TABLE public.big AS SELECT n, repeat(md5(n::text), 30) AS filler FROM generate_series(1, 60000) n'

test('a killed backup leaves no archive, keeps the next out for a while, and is cleared away', async () => {
  const target = await testDatabase(ANY_MAJOR, LARGE)
  const [cwd, store] = [testFolder(), testFolder()]
  const folder = await migrationsFolder([])
  const environment = `production=${targetUrl(target)}`
  const words = ['backup', 'production', '--env', environment, '--migrations', folder, '--store', store]
  const filesIn = (): string[] => readdirSync(store, { recursive: true, encoding: 'utf8' })
  const halves = (): string[] => filesIn().filter((name) => /^archives\/.*\.tmp-/.test(name))
  const killed = startRaingauge(words, { cwd })
  await expect.poll(halves, { timeout: 30_000, interval: 5 }).toHaveLength(1)
  killed.kill('SIGKILL')
  await killed.finished
  const [half = ''] = halves()
  expect(filesIn().filter((name) => name.endsWith('manifest.json'))).toEqual([])

  const tooEarly = await raingaugeJson(words, { cwd })
  expect(tooEarly).toMatchObject({ status: 0, run: { verdicts: [], archives: [] } })
  expect(tooEarly.run.notes).toEqual([expect.stringContaining('is backing it up since')])

  // Hours later.
  const longAgo = new Date(Date.now() - 7_200_000)
  utimesSync(join(store, half), longAgo, longAgo)
  rmSync(join(store, 'locks'), { recursive: true })
  const { status, run } = await raingaugeJson(words, { cwd })
  expect(status).toBe(0)
  expect(run.archives).toMatchObject([{ trust: 'verified' }])
  expect(run.verdicts).toMatchObject([
    {
      status: 'clean',
      findings: [{ kind: 'archive.leftover', summary: expect.stringContaining('1 unfinished upload') }],
    },
  ])
  expect(halves()).toEqual([])
})

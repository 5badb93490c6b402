import { readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { targetUrl, testDatabase } from '../support/database.ts'
import { projectCopy, runLine } from '../support/project-copy.ts'

const TABLE = 'CREATE TABLE kept AS SELECT generate_series(1, 3) AS id'

test('backs up each environment named, for its owner alone, with URLs from .env.local', async () => {
  const [folder, database] = [await projectCopy(), await testDatabase(17, TABLE)]
  await writeFile(join(folder, '.env.local'), `DATABASE_URL_PROD="${targetUrl(database)}"\n`)
  const DATABASE_URL_STAGING = targetUrl(await testDatabase(17, TABLE))
  const outcome = await runLine(folder, 'scripts/db/backup.sh staging production', { DATABASE_URL_STAGING })
  expect(outcome.status).toBe(0)
  expect(outcome.stdout + outcome.stderr).not.toContain(database.password?.reveal())
  const files = await readdir(join(folder, '.raingauge/archives'), { recursive: true })
  const archives = files.filter((name) => name.endsWith('archive.dump.zst'))
  expect(new Set(archives.map((name) => name.split('/')[1]))).toEqual(new Set(['production', 'staging']))
  expect(archives).toHaveLength(2)
  for (const name of archives) {
    const { mode, size } = await stat(join(folder, '.raingauge/archives', name))
    expect(mode & 0o077).toBe(0)
    expect(size).toBeGreaterThan(500)
  }
})

test('one that fails does not keep the next from being backed up, and is told by the status', async () => {
  const folder = await projectCopy()
  const outcome = await runLine(folder, 'scripts/db/backup.sh staging production', {
    DATABASE_URL_STAGING: 'postgres://u:hunter22@127.0.0.1:1/gone',
    DATABASE_URL_PROD: targetUrl(await testDatabase(17, TABLE)),
  })
  expect(outcome.status).toBeGreaterThan(0)
  expect(outcome.stdout + outcome.stderr).not.toContain('hunter22')
  const files = await readdir(join(folder, '.raingauge/archives'), { recursive: true })
  expect(files.filter((name) => name.endsWith('manifest.json'))).toEqual([expect.stringContaining('/production/')])
})

test.each([
  ['nothing', ''],
  ['a URL', 'postgres://u:p@h/d'],
  ['an option', '--env x=y'],
])('%s is refused: wrong usage', async (_, words) => {
  expect(await runLine(await projectCopy(), `scripts/db/backup.sh ${words}`)).toMatchObject({ status: 64 })
})

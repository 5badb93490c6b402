// Publishing from a pipeline and going by it, as a user would: no database is asked to publish.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { raingauge, raingaugeJson } from '../support/command-line.ts'
import { testFolder } from '../support/directory.ts'
import { migrationsFolder } from '../support/migrations-folder.ts'

/** Nobody listens there. */
const NOWHERE = 'postgres://watch:hunter2@127.0.0.1:1/shop'

test('what is published is gone by with --published, and the folder at hand without', async () => {
  // Without a configuration, the project is named for the folder.
  const cwd = testFolder()
  const store = join(cwd, 'store')
  const wordsFor = (migrations: string) => [
    '--migrations',
    migrations,
    '--store',
    store,
    '--env',
    `production=${NOWHERE}`,
  ]
  const here = await migrationsFolder([{ tag: '0000_one', sql: 'SELECT 1' }])
  const more = await migrationsFolder([
    { tag: '0000_one', sql: 'SELECT 1' },
    { tag: '0001_two', sql: 'SELECT 2' },
  ])

  const nothing = await raingaugeJson(['check', '--published', ...wordsFor(here)], { cwd })
  expect(nothing.status).toBe(2)
  expect(nothing.run.verdicts[0]?.reason).toMatch(
    /^no migrations of .* are published in this store \(run raingauge publish/,
  )

  const first = await raingauge(['publish', ...wordsFor(more)], { cwd })
  expect(first).toMatchObject({ status: 0, stderr: '' })
  expect(first.stdout).toMatch(/^published raingauge-test-\S*: \d{8}T\d{6}Z-[0-9a-f]{16}, up to 0001_two\n$/)
  expect((await raingauge(['publish', ...wordsFor(more)], { cwd })).stdout).toMatch(/^published already: /)
  const older = await raingauge(['publish', ...wordsFor(here)], { cwd })
  expect(older).toMatchObject({ status: 0 })
  expect(older.stdout).toMatch(/^not published: .* has these migrations and more/)

  const published = await raingaugeJson(['check', '--published', ...wordsFor(here)], { cwd })
  expect(published.run.folder).toMatchObject({ source: 'published', tag: '0001_two' })
  expect(published.run.verdicts).toContainEqual(expect.objectContaining({ check: 'folder', status: 'clean' }))
  const report = await raingauge(['check', '--published', ...wordsFor(here)], { cwd })
  expect(report.stdout).toMatch(/\nmigrations: published \d{8}T\d{6}Z-[0-9a-f]{16}, up to 0001_two\n/)
  const local = await raingaugeJson(['check', ...wordsFor(here)], { cwd })
  expect(local.run.folder).toEqual({ source: 'local', id: null, publishedAt: null, tag: '0000_one' })
}, 60_000)

test.each([
  ['publish', '--published'],
  ['backup', 'production', '--published'],
  ['check', '--older'],
])('%s %s is wrong usage', async (...words) => {
  expect((await raingauge(words)).status).toBe(64)
})

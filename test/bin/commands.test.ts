import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { raingauge } from '../support/command-line.ts'
import { execute, targetUrl, testDatabase } from '../support/database.ts'
import { testFolder } from '../support/directory.ts'

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url))

test('from an empty database to a restored copy of it, by the commands alone', { timeout: 120_000 }, async () => {
  const cwd = testFolder()
  const [production, copy] = [await testDatabase(), await testDatabase()]
  const words = ['--migrations', MIGRATIONS, '--env', `production=${targetUrl(production)}`]
  const run = (command: string[]) => raingauge([...command, ...words], { cwd })

  const migrated = await run(['migrate', 'production'])
  expect(migrated.stdout).toMatch(/applied 0000_create_tenants, .*0005_add_invoice_due_date/)
  expect((await run(['migrate', 'production'])).stdout).toContain('nothing to apply')

  expect((await run(['status'])).status).toBe(2)
  expect(await run(['check'])).toMatchObject({ status: 0, stdout: expect.stringContaining('All clean: 3 checks.') })
  await execute(production, `INSERT INTO public.users (email) VALUES ('ann@example.com'), ('bob@example.com')`)
  expect(await run(['backup', 'production'])).toMatchObject({ status: 0 })
  expect(await run(['drill', 'production'])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('restored in a drill'),
  })

  const listed = await run(['archives', 'production', '--json'])
  const [archive] = (JSON.parse(listed.stdout) as { archives: { id: string; location: string; trust: string }[] })
    .archives
  expect(archive).toMatchObject({ trust: 'restored' })
  const { id = '', location = '' } = archive ?? {}
  for (const name of [id, location]) {
    expect(await run(['verify', name])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('8 tables, 8 rows'),
    })
  }

  const pruned = await run(['prune', 'production', '--dry-run'])
  expect(pruned).toMatchObject({ status: 0, stdout: expect.stringContaining(`keep    ${id}  one of the 3 newest`) })

  const restored = await run(['restore', id, '--to', targetUrl(copy)])
  expect(restored).toMatchObject({ status: 0, stdout: expect.stringContaining('8 tables, 8 rows') })
  expect(await execute(copy, 'SELECT email FROM public.users ORDER BY email')).toEqual([
    { email: 'ann@example.com' },
    { email: 'bob@example.com' },
  ])
  const part = await testDatabase()
  const oneTable = await run(['restore', location, '--to', targetUrl(part), '--table', 'public.users', '--no-owner'])
  expect(oneTable).toMatchObject({ status: 0, stdout: expect.stringMatching(/1 table, 2 rows.*\ntime to restore: /) })
  expect(oneTable.stderr).toMatch(/^restoring: /)
  const again = await run(['restore', id, '--to', targetUrl(copy)])
  expect(again).toMatchObject({ status: 2, stderr: expect.stringContaining('is not empty') })

  expect(await run(['compare', targetUrl(production), targetUrl(copy)])).toMatchObject({ status: 0 })
  await execute(copy, 'DROP INDEX public.users_email_idx')
  const compared = await run(['compare', MIGRATIONS, targetUrl(copy)])
  expect(compared).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('index public.users_email_idx: missing from B'),
  })

  await execute(production, 'ALTER TABLE public.projects DISABLE ROW LEVEL SECURITY')
  expect(await run(['check', '--sql'])).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('BEGIN;\n\n-- critical: table public.projects: row-level security disabled'),
  })
  const status = await run(['status'])
  expect(status).toMatchObject({ status: 1, stdout: expect.stringMatching(/CRITICAL +production: .*public\.projects/) })
  expect(readdirSync(join(cwd, '.raingauge'))).toContain('metrics.prom')
})

test('an archive that is not there, a file that is none, and a key that cannot be read', async () => {
  const cwd = testFolder()
  const words = ['--env', 'production=postgres://u@127.0.0.1:1/x']
  const keyless = await raingauge(['drill', 'production', '--identity', 'nowhere', ...words], { cwd })
  expect(keyless).toMatchObject({ status: 78, stderr: expect.stringMatching(/--identity: .*nowhere cannot be read/) })
  const missing = await raingauge(['verify', '20260102T030405Z-0a1b2c3d', ...words], { cwd })
  expect(missing).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('there is no archive 20260102T030405Z-0a1b2c3d'),
  })
  const none = await raingauge(['verify', join(MIGRATIONS, '0000_create_tenants.sql')], { cwd })
  expect(none).toMatchObject({ status: 1, stdout: expect.stringContaining('is not whole') })
})

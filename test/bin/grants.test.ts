// `raingauge grants` as a person uses it: prints, and touches nothing.
import { expect, test } from 'vitest'
import { parseCommandLine } from '../../bin/command-line.ts'
import { ANY_MAJOR, execute, targetUrl, testDatabase } from '../support/database.ts'
import { raingauge } from '../support/command-line.ts'

/** Rights in the database that somebody was given. */
const MEMBERS = `SELECT FROM pg_catalog.pg_database d, pg_catalog.aclexplode(d.datacl) a
  WHERE d.datname = pg_catalog.current_database() AND a.grantee <> 0 AND a.grantee <> d.datdba`

test('prints both roles for the real database as a script, and changes nothing', async () => {
  const target = await testDatabase(ANY_MAJOR, [
    'CREATE TABLE public._drizzle_migrations (id serial PRIMARY KEY, hash text, created_at bigint)',
    'CREATE TABLE public.secret (id int); ALTER TABLE public.secret ENABLE ROW LEVEL SECURITY',
  ])
  const { status, stdout } = await raingauge(['grants', 'production', '--env', `production=${targetUrl(target)}`])
  expect(status).toBe(0)
  expect(stdout).toContain(`GRANT CONNECT ON DATABASE "${target.database}" TO "raingauge_watch";`)
  expect(stdout).toContain('GRANT SELECT ON "public"."_drizzle_migrations" TO "raingauge_watch";')
  expect(stdout).toContain('ALTER ROLE "raingauge_dump" BYPASSRLS;')
  expect(stdout).not.toContain(target.password?.reveal())
  const lines = stdout.trim().split('\n')
  expect(lines.filter((line) => line !== '' && !line.startsWith('--') && !line.endsWith(';'))).toEqual([])
  expect(await execute(target, MEMBERS)).toEqual([])
})

test('without a way in, says that there is a script for any database, and prints it when asked', async () => {
  const env = ['--env', 'production=postgres://owner:hunter22@127.0.0.1:1/app']
  const refused = await raingauge(['grants', 'production', ...env])
  expect(refused).toMatchObject({ status: 2, stdout: '' })
  expect(refused.stderr).toMatch(/with --generic, raingauge grants production prints what fits any database/)
  expect(refused.stderr).not.toContain('hunter22')
  const generic = await raingauge(['grants', 'production', '--generic', '--role', 'dump', '--json', ...env])
  expect(generic.status).toBe(0)
  const { environment, roles } = JSON.parse(generic.stdout) as { environment: string; roles: { role: string }[] }
  expect(environment).toBe('production')
  expect(roles.map(({ role }) => role)).toEqual(['dump'])
})

test.each([
  [['grants', 'production', '--role', 'owner'], '--role takes watch, dump or both'],
  [['grants', 'production', '--generic', '--by-object'], 'take one'],
  [['check', '--generic'], '--generic belongs to grants'],
])('%j is wrong usage', (words, message) => {
  expect(() => parseCommandLine(words)).toThrow(message)
})

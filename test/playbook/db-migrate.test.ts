import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseTarget, type Target } from '../../lib/postgres/target.ts'
import { pgliteUrl } from '../../scripts/db/local-environment.ts'
import { execute, OLDEST_AND_NEWEST, targetUrl, testDatabase } from '../support/database.ts'
import { freePort, projectCopy, runLine, startLine } from '../support/project-copy.ts'

const TAGS = [
  '0000_create_tenants',
  '0001_add_invoices',
  '0002_isolate_tenants',
  '0003_add_audit_log',
  '0004_record_invoice_changes',
  '0005_add_invoice_due_date',
]

test.each(OLDEST_AND_NEWEST)('db:migrate applies what is committed to Postgres %i, once', async (major) => {
  const [folder, target] = [await projectCopy(), await testDatabase(major)]
  const DATABASE_URL = targetUrl(target)
  const first = await runLine(folder, 'npm run -s db:migrate', { DATABASE_URL })
  expect(first).toMatchObject({ status: 0, stderr: '' })
  for (const tag of TAGS) expect(first.stdout).toContain(`applied ${tag}\n`)
  expect(first.stdout).not.toContain(target.password?.reveal())
  const ledger = await askPlaybook(target)
  expect(ledger.map(({ tag }) => tag)).toEqual(expect.arrayContaining(TAGS))
  expect(ledger).toHaveLength(TAGS.length)
  for (const row of ledger)
    expect(row).toEqual({
      tag: row.tag,
      applied_at: expect.any(Date),
      checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
    })

  const second = await runLine(folder, 'npm run -s db:migrate', { DATABASE_URL })
  expect(second).toMatchObject({ status: 0, stderr: '' })
  expect(second.stdout).not.toContain('applied 0')
  expect(await askPlaybook(target)).toEqual(ledger)
})

// One server for all of it: PGlite takes seconds to start.
test('db:migrate finds the server in memory, by name or without any; that serves until Ctrl-C, then ends cleanly and forgets', async () => {
  const [folder, port] = [await projectCopy(), await freePort()]
  const target = parseTarget(pgliteUrl(port))
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: Record<string, string> }
  // Its line without npm, which has an exit status of its own for Ctrl-C.
  const server = startLine(folder, scripts['db-server:memory'] ?? 'exit 99', { PGLITE_PORT: String(port) })
  await server.said(`127.0.0.1:${port}`)
  await server.said('Ctrl-C')
  await execute(target, 'CREATE TABLE t ()')
  expect(await execute(target, "SELECT to_regclass('t')::text AS t")).toEqual([{ t: 't' }])

  const byName = { DATABASE_URL: 'postgres://pglite', PGLITE_PORT: String(port) }
  const first = await runLine(folder, 'npm run -s db:migrate', byName)
  expect(first).toMatchObject({ status: 0, stderr: '' })
  expect(first.stdout).toContain(`applied ${TAGS.at(-1)}\n`)
  expect(await askPlaybook(target)).toHaveLength(TAGS.length)

  await writeFile(join(folder, '.env.local'), `PGLITE_PORT=${port}\n`)
  const second = await runLine(folder, 'npm run -s db:migrate')
  expect(second).toMatchObject({ status: 0, stderr: '' })
  expect(second.stdout).toContain('0 of 6 migrations')

  server.signal('SIGINT')
  expect(await server.ended).toMatchObject({ status: 0, stderr: '' })
  await expect(execute(target, 'SELECT 1')).rejects.toMatchObject({ code: 'postgres.unreachable' })
  expect(existsSync(join(folder, '.raingauge'))).toBe(false)
})

test('without a PGlite server, db:migrate says how to start one', async () => {
  const { status, stderr } = await runLine(await projectCopy(), 'npm run -s db:migrate', {
    PGLITE_PORT: String(await freePort()),
  })
  expect(status).toBe(2)
  expect(stderr).toContain('npm run db-server:memory')
})

test('a migration that fails is named, and leaves nothing behind; the password stays unsaid', async () => {
  const [folder, target] = [await projectCopy(), await testDatabase()]
  await writeFile(
    join(folder, 'migrations', `${TAGS.at(-1)}.sql`),
    'SELECT 1;--> statement-breakpoint\nDROP TABLE nowhere;',
  )
  const outcome = await runLine(folder, 'npm run -s db:migrate', { DATABASE_URL: targetUrl(target) })
  expect(outcome.status).toBe(2)
  expect(outcome.stderr).toContain(TAGS.at(-1))
  expect(outcome.stderr).toContain('nowhere')
  expect(outcome.stderr + outcome.stdout).not.toContain(target.password?.reveal())
  expect(
    await execute(
      target,
      "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = 'users'",
    ),
  ).toEqual([])
})

test.each([
  ['nonsense', 78, 'is not a Postgres URL'],
  ['postgres://u:hunter22@127.0.0.1:1/db', 2, '127.0.0.1:1'],
])('DATABASE_URL=%s fails in one clear line', async (DATABASE_URL, status, words) => {
  const outcome = await runLine(await projectCopy(), 'npm run -s db:migrate', { DATABASE_URL })
  expect(outcome).toMatchObject({ status, stderr: expect.stringContaining(words) })
  expect(outcome.stderr.trim().split('\n')).toHaveLength(1)
  expect(outcome.stderr).not.toContain('hunter22')
})

test('a missing folder fails in one clear line', async () => {
  const folder = await projectCopy()
  await rm(join(folder, 'migrations'), { recursive: true })
  const outcome = await runLine(folder, 'npm run -s db:migrate', { PGLITE_PORT: '1' })
  expect(outcome).toMatchObject({ status: 2, stderr: expect.stringContaining('there is no migrations folder') })
})

/** The query of the playbook, word for word. */
async function askPlaybook(target: Target): Promise<{ tag: string; applied_at: Date; checksum: string }[]> {
  return await execute(
    target,
    `SELECT tag, applied_at, checksum
FROM _drizzle_migrations
ORDER BY applied_at DESC;`,
  )
}

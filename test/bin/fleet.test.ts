// `raingauge fleet` as a user starts it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { applyMigrations } from '../../lib/ledger/apply-migrations.ts'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import { raingauge, raingaugeJson } from '../support/command-line.ts'
import { execute, targetUrl, testDatabase } from '../support/database.ts'
import { testFolder } from '../support/directory.ts'
import { TEST_PASSWORD } from '../support/global-setup.ts'
import { migrationsFolder } from '../support/migrations-folder.ts'

const MIGRATIONS = [{ tag: '0000_users', sql: 'CREATE TABLE public.users (id integer PRIMARY KEY)' }]

async function fleetProject(migrations: string, rows: Record<string, unknown>[]): Promise<string> {
  const folder = testFolder()
  mkdirSync(join(folder, '.raingauge', 'fleet', 'shop'), { recursive: true })
  writeFileSync(
    join(folder, '.raingauge', 'fleet', 'shop', 'tenants.jsonl'),
    rows.map((row) => JSON.stringify(row)).join('\n'),
  )
  writeFileSync(
    join(folder, 'raingauge.config.ts'),
    `export default ${JSON.stringify({
      project: 'shop',
      migrations,
      environments: [{ name: 'staging', url: 'postgres://nobody@127.0.0.1:1/none' }],
      fleet: { databases: { file: 'tenants.jsonl' } },
    })}`,
  )
  return folder
}

test('fleet looks at every database of the list, tells those that are not clean, and exits with 2 for one it could not look at', async () => {
  const migrations = await migrationsFolder(MIGRATIONS)
  const databases = [await testDatabase(), await testDatabase()]
  for (const target of databases) await applyMigrations(target, await readFolder(migrations))
  await execute(databases[1]!, 'CREATE TABLE public.by_hand ()')
  const cwd = await fleetProject(migrations, [
    { name: 'Acme', url: targetUrl(databases[0]!) },
    { name: 'Bolt', url: targetUrl(databases[1]!) },
    { name: 'Nowhere', url: 'postgres://nobody@127.0.0.1:1/none' },
  ])
  const { status, run, stderr } = await raingaugeJson(['fleet'], { cwd })
  expect(stderr).toBe('')
  expect(status).toBe(2)
  expect(run).toMatchObject({
    job: 'fleet',
    fleet: { databases: 3, clean: 1, findings: 1, unknown: 1, document: join(cwd, '.raingauge/fleet/shop/last.json') },
    verdicts: [
      { check: 'ledger', environment: 'fleet' },
      { check: 'schema', environment: 'fleet' },
    ],
  })
  expect(readFileSync(run.fleet?.document ?? '', 'utf8')).toContain('"name":"Bolt"')
  expect(readFileSync(join(cwd, '.raingauge', 'metrics.prom'), 'utf8')).toContain(
    'raingauge_fleet_databases{project="shop",status="unknown"} 1',
  )
  const again = await raingauge(['fleet'], { cwd })
  expect(again.stdout).toContain('2 of 3 databases: 1 with findings, 1 could not be looked at')
  expect(again.stdout).toContain('Slack: nothing new to tell.')
  expect(again.stdout + again.stderr).not.toContain(encodeURIComponent(TEST_PASSWORD))
}, 60_000)

test('without a fleet in the configuration, it says what to write', async () => {
  const { status, stderr } = await raingauge(['fleet', '--env', 'staging=postgres://nobody@127.0.0.1:1/none'])
  expect(status).toBe(78)
  expect(stderr).toContain('fleet: is not configured (write fleet: { databases: … }')
})

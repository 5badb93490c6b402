import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import { expect, onTestFinished, test } from 'vitest'
import { withClient } from '../../lib/postgres/client.ts'
import { execute, MAJORS, testDatabase, testRole } from '../support/database.ts'

const FOLDER = { migrationsFolder: 'migrations', migrationsSchema: 'public', migrationsTable: '_drizzle_migrations' }

const INVOICE = `
  INSERT INTO organizations (id, slug, name) VALUES ('00000000-0000-0000-0000-000000000001', 'acme', 'Acme');
  INSERT INTO invoices (organization_id, net, status) VALUES ('00000000-0000-0000-0000-000000000001', 100, 'sent');`

test.each(MAJORS)('apply on Postgres %i by a role that is no superuser but owns the database', async (major) => {
  const database = await testDatabase(major)
  const owner = await testRole(database, major)
  await execute(database, `ALTER DATABASE ${database.database} OWNER TO ${owner.user}`)
  onTestFinished(async () => {
    await execute(database, `ALTER DATABASE ${database.database} OWNER TO postgres`)
  })
  await withClient(owner, 'migrating', async (client) => {
    await migrate(drizzle(client), FOLDER)
    await client.query(INVOICE)
  })
  expect(await execute(database, 'TABLE outstanding_balances')).toMatchObject([{ invoices: '1', amount: '119.00' }])
  expect(await execute(database, 'SELECT action, actor FROM audit_log')).toEqual([
    { action: 'INSERT', actor: owner.user },
  ])
  const grants = 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC'
  await execute(database, grants)
  const tenant = await testRole(database, major)
  const seen = 'SELECT count(*)::int AS invoices FROM invoices'
  expect(await execute(tenant, seen)).toEqual([{ invoices: 0 }])
  const asAcme = `SET app.organization_id = '00000000-0000-0000-0000-000000000001'; ${seen}`
  expect(await execute(tenant, asAcme)).toEqual([{ invoices: 1 }])
})

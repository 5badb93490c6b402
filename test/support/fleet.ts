// Many databases of one schema on one real server, and a catalogue that lists them.
import { connect, createServer, type AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { applyMigrations } from '../../lib/ledger/apply-migrations.ts'
import { readFolder } from '../../lib/ledger/read-folder.ts'
import { withClient } from '../../lib/postgres/client.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { startEmbeddedServer } from '../../lib/scratch/embedded-server.ts'
import { findServerBinaries } from '../../lib/scratch/server-binaries.ts'
import { Secret } from '../../lib/secret.ts'
import { ANY_MAJOR, execute } from './database.ts'
import { TEST_PASSWORD } from './global-setup.ts'

const databaseName = (index: number): string => `tenant_${index}`

const tenantName = (index: number): string => `Tenant №${index} & “Söhne”`

export type TestFleet = {
  /** The catalogue: `public.tenants (name, database)`. */
  catalogue: Target
  /** One database, as its owner. */
  database: (index: number) => Target
  /** The name that the catalogue has for it: free text. */
  name: (index: number) => string
  /** A role that may read everything, on every database. */
  watcher: Target
}

/**
 * A server of its own, since other tests come and go with roles on theirs, and databases to which the migrations of the folder were applied. Everything
 * ends with the test.
 */
export async function testFleet(folder: string, count: number): Promise<TestFleet> {
  const server = await startEmbeddedServer(findServerBinaries(ANY_MAJOR), { tcpPassword: new Secret(TEST_PASSWORD) })
  onTestFinished(() => server.stop())
  const template = await server.createDatabase('template_of_all')
  await applyMigrations(template, await readFolder(folder))
  const indexes = Array.from({ length: count }, (_, index) => index)
  const catalogue = await server.createDatabase('catalogue')
  const rows = indexes.map((index) => `('${tenantName(index)}', '${databaseName(index)}')`)
  await execute(catalogue, 'CREATE TABLE public.tenants (name text PRIMARY KEY, database text NOT NULL)')
  await execute(catalogue, `INSERT INTO public.tenants VALUES ${rows.join(', ')}`)
  await execute(catalogue, `CREATE ROLE watcher LOGIN PASSWORD 'watch-only' IN ROLE pg_read_all_data`)
  await withClient(server.target('postgres'), 'testing', async (client) => {
    for (const index of indexes) {
      await client.query(`CREATE DATABASE ${databaseName(index)} TEMPLATE template_of_all STRATEGY FILE_COPY`)
    }
  })
  return {
    catalogue,
    database: (index) => server.target(databaseName(index)),
    name: tenantName,
    watcher: { ...server.target('postgres'), user: 'watcher', password: new Secret('watch-only') },
  }
}

export type Turnstile = {
  /** The server by way of it. */
  target: Target
  /** The most connections that were open at one time since `reset`. */
  most: () => number
  reset: () => void
}

/** Hands connections on to the server of the target, and counts how many are open together. */
export async function turnstile(target: Target): Promise<Turnstile> {
  let open = 0
  let most = 0
  // Half open: a client that ends must not hear of the end before the server has said so.
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect(target.port, target.host)
    open++
    most = Math.max(most, open)
    let left = false
    // The server has let go of it when its end has come, which the client hears of after that.
    const leave = (): void => {
      if (!left) open--
      left = true
    }
    upstream.once('end', leave).once('close', leave)
    client.on('error', () => upstream.destroy()).pipe(upstream)
    upstream.on('error', () => client.destroy()).pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    target: { ...target, host: '127.0.0.1', port },
    most: () => most,
    reset: () => {
      most = open
    },
  }
}

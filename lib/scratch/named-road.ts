// The scratch server that the configuration names: it outlives us, so whatever is made on it is dropped again, in every case.
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { RaingaugeError } from '../error.ts'
import { withClient, type Queryable } from '../postgres/client.ts'
import { describeTarget, type Target } from '../postgres/target.ts'
import { demandRights } from './named-server-rights.ts'
import { scratchName } from './names.ts'
import type { Road } from './road.ts'
import { dropMarkedRoles, sweepDatabases } from './sweep-named-server.ts'

/** The server, whose own database is only connected to, and the databases that it must not be. */
export type NamedServer = { target: Target; watched: readonly Target[] }

/** Held for as long as a database is lent: roles belong to the whole server, so one run at a time makes and drops them. */
const LOCK = 7_246_447_243
const LOCK_PATIENCE_MS = 600_000

const DURING = 'asking the scratch server'

const AVAILABLE = `SELECT name::text FROM pg_catalog.pg_available_extensions WHERE name::text = ANY ($1::text[])`

/** `find` is asked when the server is first wanted. */
export function namedRoad(find: () => Promise<NamedServer>, signal: AbortSignal | undefined): Road {
  let found: Promise<NamedServer> | undefined
  const server = (): Promise<NamedServer> => (found ??= find())
  return {
    name: 'named',
    async offer(_, { extensions = [] }) {
      const { target } = await server()
      return await withClient(
        target,
        DURING,
        async (client) => {
          const { rows } = await client.query<{ name: string }>(AVAILABLE, [extensions])
          return new Set(rows.map(({ name }) => name))
        },
        { signal },
      )
    },
    async withDatabase(_, __, work) {
      const { target, watched } = await server()
      return await withClient(
        target,
        DURING,
        async (client) => {
          await demandRights(client, target, watched)
          await takeTurn(client, target, signal)
          await sweepDatabases(client, new Date())
          return await lend(target, work)
        },
        { signal },
      )
    },
    async stop() {
      // It is somebody else's.
    },
  }
}

async function lend<T>(server: Target, work: (target: Target) => Promise<T>): Promise<T> {
  const database = scratchName(new Date())
  const quoted = pg.escapeIdentifier(database)
  await administer(server, async (client) => {
    await client.query(`CREATE DATABASE ${quoted} TEMPLATE template0 ENCODING 'UTF8'`)
  })
  try {
    return await work({ ...server, database })
  } finally {
    // A connection of its own: the one that holds the lock may be gone, and a run that was cancelled cleans up too.
    await administer(server, async (client) => {
      await client.query(`DROP DATABASE IF EXISTS ${quoted} WITH (FORCE)`)
      await dropMarkedRoles(client)
    })
  }
}

async function administer(server: Target, work: (client: Queryable) => Promise<void>): Promise<void> {
  await withClient(server, 'preparing the scratch server', work)
}

/** The lock ends with the connection. */
async function takeTurn(client: Queryable, target: Target, signal: AbortSignal | undefined): Promise<void> {
  const deadline = Date.now() + LOCK_PATIENCE_MS
  for (;;) {
    const { rows } = await client.query<{ mine: boolean }>(`SELECT pg_catalog.pg_try_advisory_lock(${LOCK}) AS mine`)
    if (rows[0]?.mine === true) return
    if (Date.now() > deadline) {
      const words = `another run is using the scratch server ${describeTarget(target)}`
      throw new RaingaugeError('scratch.unavailable', words, {
        remedy: 'see that runs that share scratch.url do not overlap',
      })
    }
    await sleep(500, undefined, { signal })
  }
}

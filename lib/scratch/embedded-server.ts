// A throwaway Postgres server: started in a second as an unprivileged user, with nothing but a temp folder.
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { RaingaugeError, messageOf } from '../error.ts'
import { withClient } from '../postgres/client.ts'
import type { Target } from '../postgres/target.ts'
import { clusterSettings, initialiseCluster, SUPERUSER, type EmbeddedServerOptions } from './cluster.ts'
import { freePort } from './free-port.ts'
import { giveFolder, readableBinaries, serverAccount, temporaryRoot } from './server-account.ts'
import { packagedVersion, type ServerBinaries } from './server-binaries.ts'
import { endServer, launchServer } from './server-process.ts'
import { waitUntilReady } from './wait-until-ready.ts'

export type EmbeddedServer = {
  major: number
  /** Such as `17.10`. */
  version: string
  /** How to reach a database of it. */
  target(database: string): Target
  /** Makes an empty database and returns the way to it. */
  createDatabase(name: string): Promise<Target>
  dropDatabase(name: string): Promise<void>
  /** Ends the server at once and removes everything it wrote. Safe to call twice. */
  stop(): Promise<void>
}

/** Somebody may take a free port before the server does. The words of postmaster.c. */
const PORT_TAKEN = /could not create any TCP\/IP sockets/
const MOST_PORTS = 3

/** Starts a server that lives until `stop()`, or until this process ends in whatever way. Throws `scratch.unavailable`. */
export async function startEmbeddedServer(
  found: ServerBinaries,
  options: EmbeddedServerOptions = {},
): Promise<EmbeddedServer> {
  for (let tries = 1; ; tries++) {
    try {
      return await start(found, options)
    } catch (error) {
      options.signal?.throwIfAborted()
      const isPortTaken = error instanceof Error && PORT_TAKEN.test(error.message)
      if (!isPortTaken || tries >= MOST_PORTS) throw error instanceof RaingaugeError ? error : unavailable(found, error)
    }
  }
}

async function start(found: ServerBinaries, options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const account = serverAccount()
  const folder = mkdtempSync(join(temporaryRoot(account), 'raingauge-pg-'))
  let child: ChildProcess | undefined
  try {
    giveFolder(folder, account)
    const home = { folder, account, binaries: readableBinaries(found, account, folder) }
    await initialiseCluster(home, options.tcpPassword)
    const port = options.tcpPassword === undefined ? 5432 : await freePort()
    child = launchServer(home, await clusterSettings(home, port, options))
    const running = child
    const target = (database: string): Target => ({
      host: options.tcpPassword === undefined ? folder : '127.0.0.1',
      port,
      database,
      user: SUPERUSER,
      password: options.tcpPassword,
      sslMode: 'prefer',
      sslRootCert: undefined,
    })
    const version = await waitUntilReady(running, target('postgres'), options.signal)
    return {
      major: found.major,
      version,
      target,
      async createDatabase(name) {
        // Without fsync its checkpoints cost next to nothing, and copying files takes a third of writing their pages as WAL.
        const words = `CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE template0 STRATEGY FILE_COPY`
        await administer(target('postgres'), words)
        return target(name)
      },
      dropDatabase: (name) =>
        administer(target('postgres'), `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`),
      stop: () => endServer(running),
    }
  } catch (error) {
    if (child !== undefined) await endServer(child)
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

async function administer(target: Target, statement: string): Promise<void> {
  await withClient(target, 'preparing the scratch server', (client) => client.query(statement))
}

function unavailable(binaries: ServerBinaries, cause: unknown): RaingaugeError {
  const name = `embedded Postgres ${packagedVersion(binaries) ?? binaries.major}`
  const words = messageOf(cause)
  return new RaingaugeError('scratch.unavailable', `${name} did not start: ${words}`, {
    remedy: `see that the temp folder has room, and that this user may run the programs of ${binaries.folder}`,
    cause,
  })
}

// A PGlite behind a socket: one Postgres session that any client can talk to.
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { RaingaugeError } from '../../lib/error.ts'
import { pgliteUrl } from './local-environment.ts'

export type PGliteServer = {
  url: string
  /** Closes the connections, then the database, so that a folder is left whole. */
  stop(): Promise<void>
}

const HOST = '127.0.0.1'
/** An application's pool and a migration at once. They share one session, and so its settings and temporary tables. */
const MAX_CONNECTIONS = 20

/**
 * Starts a server on 127.0.0.1, in memory or (`folder`) on files. Port 0 takes a free one. Throws `scratch.unavailable`
 * when the port is taken or the folder cannot be opened.
 */
export async function startPGliteServer(options: { port: number; folder?: string | undefined }): Promise<PGliteServer> {
  const { folder, port } = options
  // Before the folder is opened: a second server on the same files would ruin them.
  await demandFreePort(port)
  const database = await openDatabase(folder)
  const server = new PGLiteSocketServer({ db: database, port, host: HOST, maxConnections: MAX_CONNECTIONS })
  try {
    await server.start()
  } catch (error) {
    await database.close()
    throw portTaken(port, error)
  }
  return {
    url: pgliteUrl(Number(server.getServerConn().split(':').at(-1))),
    async stop() {
      await server.stop()
      await database.close()
    },
  }
}

async function openDatabase(folder: string | undefined): Promise<PGlite> {
  try {
    if (folder === undefined) return await PGlite.create()
    await mkdir(dirname(folder), { recursive: true })
    return await PGlite.create({ dataDir: folder })
  } catch (error) {
    throw new RaingaugeError('scratch.unavailable', `PGlite cannot open ${folder ?? 'a database in memory'}`, {
      remedy: 'see that the folder can be written, or remove it: npm run db:migrate makes it again',
      cause: error,
    })
  }
}

async function demandFreePort(port: number): Promise<void> {
  const probe = createServer()
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject)
      probe.listen(port, HOST, resolve)
    })
  } catch (error) {
    throw portTaken(port, error)
  }
  await new Promise((resolve) => probe.close(resolve))
}

function portTaken(port: number, cause: unknown): RaingaugeError {
  return new RaingaugeError('scratch.unavailable', `port ${port} of ${HOST} cannot be listened on`, {
    remedy: 'end the server that runs there, or set PGLITE_PORT to another port for servers and clients alike',
    cause,
  })
}

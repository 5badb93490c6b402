// The program of a PGlite server: `node pglite-program.ts FOLDER EXTENSION…`. One database, behind a Unix socket in FOLDER.
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { loadPGliteExtensions } from './pglite-extensions.ts'

const [folder = '', ...names] = process.argv.slice(2)
const database = await PGlite.create({
  // On files: in memory the data would come on top of the half gigabyte that it takes anyway.
  dataDir: join(folder, 'data'),
  extensions: await loadPGliteExtensions(names),
  relaxedDurability: true,
})
// A new database of a real server has no comment.
await database.exec('COMMENT ON DATABASE postgres IS NULL')
const server = new PGLiteSocketServer({ db: database, path: join(folder, '.s.PGSQL.5432'), maxConnections: 10 })
// All connections share one session: none begins with what another left set.
server.addEventListener('connection', () => {
  void database.exec('DISCARD ALL')
  // Here the default of a session is whoever was set last.
  void database.exec('SET SESSION AUTHORIZATION postgres')
})
await server.start()

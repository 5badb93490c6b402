// A throwaway or local database for development and CI:
//   serve.ts memory | serve.ts file [FOLDER] | serve.ts once [--major 15|16|17|18] COMMAND [ARGUMENT…]
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { RaingaugeError } from '../../lib/error.ts'
import { startEmbeddedServer } from '../../lib/scratch/embedded-server.ts'
import { EMBEDDED_MAJORS, findServerBinaries } from '../../lib/scratch/server-binaries.ts'
import { Secret } from '../../lib/secret.ts'
import { loadLocalEnvironment, pglitePort } from './local-environment.ts'
import { startPGliteServer, type PGliteServer } from './pglite-server.ts'
import { runScript } from './run-script.ts'

const USAGE = 'serve.ts memory | serve.ts file [FOLDER] | serve.ts once [--major 15|16|17|18] COMMAND [ARGUMENT…]'
const FOLDER = '.raingauge/pglite'

const wait = () => {}

loadLocalEnvironment()
await runScript(async () => {
  const [mode = '', ...rest] = process.argv.slice(2)
  switch (mode) {
    case 'memory':
      return await serve('in memory', undefined)
    case 'file':
      return await serve(`on ${rest[0] ?? FOLDER}`, rest[0] ?? FOLDER)
    case 'once':
      return await once(rest)
    default:
      throw new RaingaugeError('usage', `usage: ${USAGE}`)
  }
})

/** Serves until Ctrl-C or SIGTERM; one that comes while it starts is heeded when the folder is whole. */
async function serve(where: string, folder: string | undefined): Promise<number> {
  const asked = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  const server = await startPGliteServer({ port: pglitePort(process.env), folder })
  process.stdout.write(
    `PGlite ${where} at ${server.url}\nReach it with DATABASE_URL=postgres://pglite npm run db:migrate. Ctrl-C ends it.\n`,
  )
  await asked
  await server.stop()
  process.stdout.write('PGlite ended.\n')
  return 0
}

/** Runs one command with DATABASE_URL set to an empty database that lives as long, and returns its status. */
async function once(rest: string[]): Promise<number> {
  const major = rest[0] === '--major' ? Number(rest[1]) : undefined
  const command = major === undefined ? rest : rest.slice(2)
  const isKnown = major === undefined || EMBEDDED_MAJORS.some((each) => each === major)
  if (command.length === 0 || !isKnown) throw new RaingaugeError('usage', `usage: ${USAGE}`)
  const server = major === undefined ? await startPGliteServer({ port: 0 }) : await startPostgres(major)
  try {
    return await statusOf(command, { ...process.env, DATABASE_URL: server.url })
  } finally {
    await server.stop()
  }
}

async function startPostgres(major: number): Promise<PGliteServer> {
  const password = new Secret('postgres')
  const server = await startEmbeddedServer(findServerBinaries(major), { tcpPassword: password })
  const { host, port, user } = await server.createDatabase('app')
  return { url: `postgres://${user}:${password.reveal()}@${host}:${port}/app`, stop: () => server.stop() }
}

/** The status of the command as a shell gives it. One argument is a line for the shell, as npm hands a quoted one on. */
async function statusOf(command: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [program = '', ...rest] = command
  const child = spawn(program, rest, { env, stdio: 'inherit', shell: rest.length === 0 })
  // Ctrl-C reaches the command by itself, and the database must outlive it.
  const pass = () => child.kill('SIGTERM')
  process.on('SIGINT', wait).on('SIGTERM', pass)
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (status, signal) => resolve(status ?? 128 + constants.signals[signal ?? 'SIGTERM']))
    })
  } catch (error) {
    throw new RaingaugeError('usage', `cannot run ${program}`, { remedy: 'see that it is installed', cause: error })
  } finally {
    process.off('SIGINT', wait).off('SIGTERM', pass)
  }
}

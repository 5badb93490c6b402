// A throwaway Postgres server: started in a second as an unprivileged user, with nothing but a temp folder.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { hasCode, RaingaugeError } from '../error.ts'
import { withClient } from '../postgres/client.ts'
import type { Target } from '../postgres/target.ts'
import type { Secret } from '../secret.ts'
import { GUARDIAN } from './guardian.ts'
import {
  giveFile,
  giveFolder,
  readableBinaries,
  serverAccount,
  temporaryRoot,
  type ServerAccount,
} from './server-account.ts'
import { packagedVersion, type ServerBinaries } from './server-binaries.ts'

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

export type EmbeddedServerOptions = {
  /** Over TCP on 127.0.0.1 with this SCRAM password; undefined: only through a Unix socket in a folder closed to others. */
  tcpPassword?: Secret
  /** Offers TLS with this certificate and key, in PEM. */
  tls?: { certificate: string; key: string }
  /** Server settings over those that suit a throwaway server. */
  settings?: Record<string, string>
  signal?: AbortSignal | undefined
}

const SUPERUSER = 'postgres'
const START_TIMEOUT_MS = 30_000

/** Durability is not wanted here, and /dev/shm may not be writable (Lambda). Manual, 14.5 "Non-Durable Settings". */
const SETTINGS: Record<string, string> = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  dynamic_shared_memory_type: 'mmap',
  shared_buffers: '64MB',
  max_connections: '30',
  max_wal_senders: '0',
  wal_level: 'minimal',
  autovacuum: 'off',
  jit: 'off',
  timezone: 'UTC',
  log_min_messages: 'fatal',
}

/** Starts a server that lives until `stop()`, or until this process ends in whatever way. Throws `scratch.unavailable`. */
export async function startEmbeddedServer(
  found: ServerBinaries,
  options: EmbeddedServerOptions = {},
): Promise<EmbeddedServer> {
  const account = serverAccount()
  const folder = mkdtempSync(join(temporaryRoot(account), 'raingauge-pg-'))
  let child: ChildProcess | undefined
  try {
    giveFolder(folder, account)
    const binaries = readableBinaries(found, account, folder)
    await initialise(binaries, account, folder, options.tcpPassword)
    const tlsSettings = await prepareTls(options.tls, account, folder)
    const port = options.tcpPassword === undefined ? 5432 : await freePort()
    child = launch(binaries, account, folder, { ...serverSettings(folder, port, options), ...tlsSettings })
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
        await administer(target('postgres'), `CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE template0`)
        return target(name)
      },
      dropDatabase: (name) =>
        administer(target('postgres'), `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`),
      stop: () => end(running),
    }
  } catch (error) {
    if (child !== undefined) await end(child)
    rmSync(folder, { recursive: true, force: true })
    options.signal?.throwIfAborted()
    throw error instanceof RaingaugeError ? error : unavailable(found, error)
  }
}

async function initialise(
  binaries: ServerBinaries,
  account: ServerAccount | undefined,
  folder: string,
  password: Secret | undefined,
): Promise<void> {
  const authentication = ['--auth=trust']
  if (password !== undefined) {
    const passwordFile = join(folder, 'password')
    await writeFile(passwordFile, password.reveal())
    giveFile(passwordFile, account)
    authentication.splice(0, 1, '--auth=scram-sha-256', `--pwfile=${passwordFile}`)
  }
  const child = spawn(
    join(binaries.folder, 'bin', 'initdb'),
    [
      `--pgdata=${join(folder, 'data')}`,
      `--username=${SUPERUSER}`,
      '--encoding=UTF8',
      '--no-locale',
      '--no-sync',
      ...authentication,
    ],
    { ...account, cwd: folder, env: environment(binaries), stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const complaints = collect(child)
  const status = await exitOf(child)
  if (status !== 0) throw unavailable(binaries, new Error(`initdb exited with ${status}: ${complaints()}`))
}

async function prepareTls(
  tls: EmbeddedServerOptions['tls'],
  account: ServerAccount | undefined,
  folder: string,
): Promise<Record<string, string>> {
  if (tls === undefined) return {}
  const settings = { ssl_cert_file: join(folder, 'server.crt'), ssl_key_file: join(folder, 'server.key') }
  await writeFile(settings.ssl_cert_file, tls.certificate)
  await writeFile(settings.ssl_key_file, tls.key)
  giveFile(settings.ssl_cert_file, account)
  giveFile(settings.ssl_key_file, account)
  return { ssl: 'on', ...settings }
}

function serverSettings(folder: string, port: number, options: EmbeddedServerOptions): Record<string, string> {
  return {
    ...SETTINGS,
    port: String(port),
    listen_addresses: options.tcpPassword === undefined ? '' : '127.0.0.1',
    unix_socket_directories: folder,
    ...options.settings,
  }
}

function launch(
  binaries: ServerBinaries,
  account: ServerAccount | undefined,
  folder: string,
  settings: Record<string, string>,
): ChildProcess {
  const child = spawn(
    '/bin/sh',
    [
      '-c',
      GUARDIAN,
      'guardian',
      folder,
      join(binaries.folder, 'bin', 'postgres'),
      '-D',
      join(folder, 'data'),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    // A process group of its own: Ctrl-C reaches us, and we end the server when we are done with it.
    { ...account, cwd: folder, env: environment(binaries), stdio: ['pipe', 'ignore', 'pipe'], detached: true },
  )
  child.stdin?.on('error', () => {})
  child.unref()
  return child
}

async function waitUntilReady(child: ChildProcess, target: Target, signal: AbortSignal | undefined): Promise<string> {
  const complaints = collect(child)
  const deadline = Date.now() + START_TIMEOUT_MS
  for (;;) {
    signal?.throwIfAborted()
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}: ${complaints()}`)
    try {
      return await withClient(target, 'starting', async (client) => {
        const { rows } = await client.query<{ server_version: string }>('SHOW server_version')
        return rows[0]?.server_version ?? ''
      })
    } catch (error) {
      if (!hasCode(error, 'postgres.unreachable', 'postgres.lost') || Date.now() > deadline) throw error
      await sleep(20)
    }
  }
}

async function administer(target: Target, statement: string): Promise<void> {
  await withClient(target, 'preparing the scratch server', (client) => client.query(statement))
}

async function end(child: ChildProcess): Promise<void> {
  child.ref()
  child.stdin?.end()
  await exitOf(child)
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  return await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
}

/** Keeps the last of what the program says on stderr. */
function collect(child: ChildProcess): () => string {
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2_000)
  })
  return () => said.trim()
}

function environment(binaries: ServerBinaries): NodeJS.ProcessEnv {
  const libraries = join(binaries.folder, 'lib')
  return { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', LD_LIBRARY_PATH: libraries, DYLD_LIBRARY_PATH: libraries }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', resolve)
  })
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

function unavailable(binaries: ServerBinaries, cause: unknown): RaingaugeError {
  const name = `embedded Postgres ${packagedVersion(binaries) ?? binaries.major}`
  const words = cause instanceof Error ? cause.message : String(cause)
  return new RaingaugeError('scratch.unavailable', `${name} did not start: ${words}`, {
    remedy: `see that the temp folder has room, and that this user may run the programs of ${binaries.folder}`,
    cause,
  })
}

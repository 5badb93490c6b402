// A new database cluster, and the settings of a server that nobody minds losing.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Secret } from '../secret.ts'
import { giveFile } from './server-account.ts'
import { runProgram, type ServerHome } from './server-process.ts'

export type EmbeddedServerOptions = {
  /** Over TCP on 127.0.0.1 with this SCRAM password; undefined: only through a Unix socket in a folder closed to others. */
  tcpPassword?: Secret
  /** Offers TLS with this certificate and key, in PEM. */
  tls?: { certificate: string; key: string }
  /** Server settings over those that suit a throwaway server. */
  settings?: Record<string, string>
  signal?: AbortSignal | undefined
}

export const SUPERUSER = 'postgres'

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

/** Makes the cluster, with its superuser. */
export async function initialiseCluster(home: ServerHome, password: Secret | undefined): Promise<void> {
  const { folder, account } = home
  const authentication = ['--auth=trust']
  if (password !== undefined) {
    const passwordFile = join(folder, 'password')
    await writeFile(passwordFile, password.reveal())
    giveFile(passwordFile, account)
    authentication.splice(0, 1, '--auth=scram-sha-256', `--pwfile=${passwordFile}`)
  }
  await runProgram(home, 'initdb', [
    `--pgdata=${join(folder, 'data')}`,
    `--username=${SUPERUSER}`,
    '--encoding=UTF8',
    '--no-locale',
    '--no-sync',
    ...authentication,
  ])
}

/** What the server is started with. Writes the certificate and the key that it needs for TLS. */
export async function clusterSettings(
  home: ServerHome,
  port: number,
  options: EmbeddedServerOptions,
): Promise<Record<string, string>> {
  return {
    ...SETTINGS,
    port: String(port),
    listen_addresses: options.tcpPassword === undefined ? '' : '127.0.0.1',
    unix_socket_directories: home.folder,
    ...(await prepareTls(home, options.tls)),
    ...options.settings,
  }
}

async function prepareTls(
  { account, folder }: ServerHome,
  tls: EmbeddedServerOptions['tls'],
): Promise<Record<string, string>> {
  if (tls === undefined) return {}
  const settings = { ssl_cert_file: join(folder, 'server.crt'), ssl_key_file: join(folder, 'server.key') }
  await writeFile(settings.ssl_cert_file, tls.certificate)
  await writeFile(settings.ssl_key_file, tls.key)
  giveFile(settings.ssl_cert_file, account)
  giveFile(settings.ssl_key_file, account)
  return { ssl: 'on', ...settings }
}

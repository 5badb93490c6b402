// Databases of their own for tests, on the real servers that the whole run shares.
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject, onTestFinished } from 'vitest'
import { withClient } from '../../lib/postgres/client.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { EMBEDDED_MAJORS } from '../../lib/scratch/server-binaries.ts'
import { Secret } from '../../lib/secret.ts'
import { TEST_PASSWORD } from './global-setup.ts'

export const MAJORS = EMBEDDED_MAJORS
export const OLDEST_AND_NEWEST = [MAJORS[0], MAJORS[3]] as const
/** The major for what does not depend on it. */
export const ANY_MAJOR = 17

export function serverTarget(major: number, database = 'postgres'): Target {
  const server = inject('servers').find((each) => each.major === major)
  if (server === undefined) throw new Error(`no test server of major ${major}`)
  return {
    host: server.host,
    port: server.port,
    database,
    user: 'postgres',
    password: new Secret(TEST_PASSWORD),
    sslMode: 'prefer',
    sslRootCert: undefined,
  }
}

/** An empty database that is dropped when the test ends. */
export async function testDatabase(major: number = ANY_MAJOR, statements: string | string[] = []): Promise<Target> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await execute(serverTarget(major), `CREATE DATABASE ${name} TEMPLATE template0 STRATEGY FILE_COPY`)
  onTestFinished(async () => {
    await execute(serverTarget(major), `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  })
  const target = serverTarget(major, name)
  for (const statement of [statements].flat()) await execute(target, statement)
  return target
}

/** A login role with a password of its own, dropped when the test ends; returns the target with which it connects. */
export async function testRole(target: Target, major: number, attributes = ''): Promise<Target> {
  const user = `role_${randomBytes(6).toString('hex')}`
  const password = randomBytes(12).toString('hex')
  await execute(target, `CREATE ROLE ${user} LOGIN PASSWORD ${pg.escapeLiteral(password)} ${attributes}`)
  onTestFinished(async () => {
    if (await exists(target, major)) await execute(target, `DROP OWNED BY ${user}`)
    await execute(serverTarget(major), `DROP ROLE ${user}`)
  })
  return { ...target, user, password: new Secret(password) }
}

/** Runs statements as the superuser and returns the rows of the last. */
export async function execute<Row extends pg.QueryResultRow>(target: Target, statements: string): Promise<Row[]> {
  return await withClient(target, 'testing', async (client) => {
    const result = await client.query<Row>(statements)
    return (Array.isArray(result) ? (result as pg.QueryResult<Row>[]).at(-1) : result)?.rows ?? []
  })
}

/** The URL of a target, password and all, as a user would write it. */
export function targetUrl(target: Target): string {
  const password = target.password === undefined ? '' : `:${encodeURIComponent(target.password.reveal())}`
  const host = target.host.startsWith('/') ? encodeURIComponent(target.host) : target.host
  return `postgres://${encodeURIComponent(target.user)}${password}@${host}:${target.port}/${target.database}`
}

async function exists(target: Target, major: number): Promise<boolean> {
  const rows = await execute(serverTarget(major), `SELECT 1 FROM pg_database WHERE datname = '${target.database}'`)
  return rows.length > 0
}

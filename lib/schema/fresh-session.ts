// The session in which a deploy finds itself: whose it is, and what is set in it.
import pg from 'pg'
import type { Platform } from '../config/config.ts'
import type { Queryable } from '../postgres/client.ts'
import { platformSettings } from './lend-platform.ts'
import { makeRoles } from './make-roles.ts'

/** A role that is no superuser, and runs the migrations. */
export type Deployer = {
  /** As in CREATE ROLE: `CREATEROLE`, `CREATEDB`, `BYPASSRLS`. */
  attributes: readonly string[]
  memberOf: readonly string[]
}

/** What decides which moment a constant means that migrations give without a time zone, or with the day before the month. */
export type SessionSettings = { timezone: string; datestyle: string }

export type SessionOptions = {
  /** Without it, a superuser. */
  deployer?: Deployer | undefined
  settings?: SessionSettings | undefined
  /** Whose roles have settings that migrations lean on. */
  platform?: Platform | null
}

const NAME = 'raingauge_deployer'

/** Makes the role on a scratch server, and gives it the database as an owner of databases would have it. Its roles must be there. */
export async function makeDeployer(client: Queryable, database: string, deployer: Deployer): Promise<void> {
  await makeRoles(client, [NAME])
  // Roles belong to the server: one of another replay may be there.
  const others = ['CREATEROLE', 'CREATEDB', 'BYPASSRLS'].map((each) =>
    deployer.attributes.includes(each) ? each : `NO${each}`,
  )
  await client.query(
    `ALTER ROLE ${NAME} ${others.join(' ')}; ALTER DATABASE ${pg.escapeIdentifier(database)} OWNER TO ${NAME}`,
  )
  for (const role of deployer.memberOf) await client.query(`GRANT ${pg.escapeIdentifier(role)} TO ${NAME}`)
}

/** Makes a session as a deploy finds it, whatever was set in it. Not within a transaction. */
export async function freshSession(
  client: Queryable,
  { deployer, settings, platform = null }: SessionOptions,
): Promise<void> {
  const words = [
    'RESET SESSION AUTHORIZATION; RESET ALL',
    platform === null ? undefined : platformSettings(platform),
    deployer === undefined ? undefined : `SET SESSION AUTHORIZATION ${NAME}`,
    settings === undefined
      ? undefined
      : `SET timezone = ${pg.escapeLiteral(settings.timezone)}; SET datestyle = ${pg.escapeLiteral(settings.datestyle)}`,
  ]
  await client.query(words.filter((each) => each !== undefined).join('; '))
}

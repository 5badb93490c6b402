// What runs leave on a scratch server that outlives them: nothing, unless they were killed, and then the next one clears it up.
import pg from 'pg'
import type { Queryable } from '../postgres/client.ts'
import { codeOf } from '../postgres/classify-error.ts'
import { ageOfScratch, ROLE_MARK } from './names.ts'

/** No replay lasts that long. */
const LEFTOVER_AFTER_MS = 3_600_000

const OWN_DATABASES = `SELECT datname AS name FROM pg_catalog.pg_database
  WHERE pg_catalog.pg_get_userbyid(datdba) = CURRENT_USER AND NOT datistemplate`

const MARKED_ROLES = `SELECT r.rolname AS name FROM pg_catalog.pg_roles r
  JOIN pg_catalog.pg_shdescription d ON d.objoid = r.oid AND d.classoid = 'pg_catalog.pg_authid'::pg_catalog.regclass
  WHERE d.description = $1 ORDER BY 1`

// Manual, appendix A.
const OBJECT_IN_USE = '55006'
const DEPENDENT_OBJECTS = '2BP01'
const INSUFFICIENT_PRIVILEGE = '42501'
const UNDEFINED_DATABASE = '3D000'

/** Drops this role's scratch databases of killed runs: older than an hour, and nobody in them. */
export async function sweepDatabases(client: Queryable, now: Date): Promise<void> {
  const { rows } = await client.query<{ name: string }>(OWN_DATABASES)
  const leftovers = rows.filter(({ name }) => (ageOfScratch(name, now) ?? 0) > LEFTOVER_AFTER_MS)
  for (const { name } of leftovers) {
    await unless([OBJECT_IN_USE, UNDEFINED_DATABASE], client.query(`DROP DATABASE ${pg.escapeIdentifier(name)}`))
  }
}

/** Drops the roles that replays made. One that another database still names, or that another login made, is left to whoever ends that. */
export async function dropMarkedRoles(client: Queryable): Promise<void> {
  const { rows } = await client.query<{ name: string }>(MARKED_ROLES, [ROLE_MARK])
  for (const { name } of rows) {
    await unless([DEPENDENT_OBJECTS, INSUFFICIENT_PRIVILEGE], client.query(`DROP ROLE ${pg.escapeIdentifier(name)}`))
  }
}

async function unless(codes: readonly string[], done: Promise<unknown>): Promise<void> {
  try {
    await done
  } catch (error) {
    if (!codes.includes(codeOf(error) ?? '')) throw error
  }
}

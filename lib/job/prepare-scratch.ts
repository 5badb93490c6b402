// What pg_dump leaves out and a restore needs all the same.
import pg from 'pg'
import type { Queryable } from '../postgres/client.ts'

const MISSING_EXTENSIONS = `
  SELECT wanted.name FROM pg_catalog.unnest($1::text[]) AS wanted(name)
  WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_available_extensions AS a WHERE a.name::text = wanted.name)`

const MISSING_ROLES = `
  SELECT wanted.name FROM pg_catalog.unnest($1::text[]) AS wanted(name)
  WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname::text = wanted.name)`

/** Those of the extensions that this server cannot create. */
export async function missingExtensions(client: Queryable, names: string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(MISSING_EXTENSIONS, [names])
  return rows.map(({ name }) => name)
}

/** Makes the roles that policies and the like name, without a right to log in. Only for a scratch server. */
export async function makeRoles(client: Queryable, names: string[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>(MISSING_ROLES, [names])
  for (const { name } of rows) await client.query(`CREATE ROLE ${pg.escapeIdentifier(name)} NOLOGIN`)
}

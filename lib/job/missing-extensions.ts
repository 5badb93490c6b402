import type { Queryable } from '../postgres/client.ts'

const MISSING_EXTENSIONS = `
  SELECT wanted.name FROM pg_catalog.unnest($1::text[]) AS wanted(name)
  WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_available_extensions AS a WHERE a.name::text = wanted.name)`

/** Those of the extensions that this server cannot create. */
export async function missingExtensions(client: Queryable, names: string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(MISSING_EXTENSIONS, [names])
  return rows.map(({ name }) => name)
}

import pg from 'pg'
import type { Queryable } from '../postgres/client.ts'
import { ROLE_MARK } from '../scratch/names.ts'

/** Roles belong to the whole server: another replay may be making the same one right now. Those that are made here bear a mark. */
const MAKE_ROLE = `DO $make$ BEGIN CREATE ROLE %s NOLOGIN; COMMENT ON ROLE %s IS ${pg.escapeLiteral(ROLE_MARK)};
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $make$`

/** Makes the roles that policies, grants and the like name, without a right to log in, where they are not there. Only for a scratch server. */
export async function makeRoles(client: Queryable, names: readonly string[]): Promise<void> {
  for (const name of names) await client.query(MAKE_ROLE.replaceAll('%s', () => pg.escapeIdentifier(name)))
}

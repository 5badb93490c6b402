import type { Queryable } from '../../postgres/client.ts'
import type { Globals } from './globals.ts'
import { DATABASE, type DatabaseRow } from './sql/database.ts'
import { MEMBERSHIPS, type MembershipRow } from './sql/memberships.ts'
import { ROLES, type RoleRow } from './sql/roles.ts'
import { SETTINGS, type SettingRow } from './sql/settings.ts'
import { TABLESPACES, type TablespaceRow } from './sql/tablespaces.ts'

/** What this database needs of its server and pg_dump leaves out. Any role that may connect can read it. Use it inside one `withSnapshot`. */
export async function readGlobals(client: Queryable): Promise<Globals> {
  const { rows: roles } = await client.query<RoleRow>(ROLES)
  const { rows: memberships } = await client.query<MembershipRow>(MEMBERSHIPS)
  const { rows: settings } = await client.query<SettingRow>(SETTINGS)
  const { rows: tablespaces } = await client.query<TablespaceRow>(TABLESPACES)
  const { rows: databases } = await client.query<DatabaseRow>(DATABASE)
  const [database] = databases
  if (database === undefined) throw new Error('the server does not list the database that it serves')
  return { roles, memberships, settings, tablespaces, database }
}

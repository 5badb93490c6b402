// What pg_dump leaves out because it belongs to the whole server: as data, and as statements one after the other.
import type { DatabaseRow } from './sql/database.ts'
import type { MembershipRow } from './sql/memberships.ts'
import type { RoleRow } from './sql/roles.ts'
import type { SettingRow } from './sql/settings.ts'
import type { TablespaceRow } from './sql/tablespaces.ts'

export type Globals = {
  roles: RoleRow[]
  memberships: MembershipRow[]
  settings: SettingRow[]
  database: DatabaseRow
  tablespaces: TablespaceRow[]
}

/** In the order in which they can be run. */
export const GLOBAL_KINDS = ['tablespace', 'role', 'comment', 'membership', 'role-setting', 'database-setting'] as const

export type GlobalStatement = {
  kind: (typeof GLOBAL_KINDS)[number]
  /** Of the role, the tablespace or the database. */
  name: string
  /** One statement, without its semicolon. A role that is there already is left as it is. */
  sql: string
}

import { NEEDED_ROLES } from './needed-roles.ts'

export type MembershipRow = {
  role: string
  member: string
  admin: boolean
  inherits: boolean | null
  sets: boolean | null
}

/** Who is a member of what; `inherits` and `sets` are null before PostgreSQL 16, which has not these options. */
export const MEMBERSHIPS = `${NEEDED_ROLES}
SELECT r.rolname AS role, u.rolname AS member, pg_catalog.bool_or(m.admin_option) AS admin,
  pg_catalog.bool_or((pg_catalog.to_jsonb(m) ->> 'inherit_option')::pg_catalog.bool) AS inherits,
  pg_catalog.bool_or((pg_catalog.to_jsonb(m) ->> 'set_option')::pg_catalog.bool) AS sets
FROM needed JOIN pg_catalog.pg_auth_members m ON m.member = needed.oid
  JOIN pg_catalog.pg_roles r ON r.oid = m.roleid JOIN pg_catalog.pg_roles u ON u.oid = m.member
GROUP BY 1, 2 ORDER BY 1, 2`

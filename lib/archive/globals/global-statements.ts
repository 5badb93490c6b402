// Globals as SQL. What pg_dumpall.c writes (dumpRoles, dumpRoleMembership, dumpUserConfig, dumpTablespaces), but without passwords, and changing no role that is there.
import type { Globals, GlobalStatement } from './globals.ts'
import type { MembershipRow } from './sql/memberships.ts'
import type { RoleRow } from './sql/roles.ts'
import type { TablespaceRow } from './sql/tablespaces.ts'
import { identifier as name, literal as text } from './one-line.ts'
import { settingStatement } from './setting-statement.ts'

/** Memberships name their roles, settings may name tablespaces: so the order. */
export function globalStatements({ roles, memberships, settings, tablespaces }: Globals): GlobalStatement[] {
  return [
    ...roles.map((role): GlobalStatement => ({ kind: 'role', name: role.name, sql: createRole(role) })),
    ...roles.flatMap((role): GlobalStatement[] =>
      role.comment === null
        ? []
        : [{ kind: 'comment', name: role.name, sql: `COMMENT ON ROLE ${name(role.name)} IS ${text(role.comment)}` }],
    ),
    ...memberships.map((each): GlobalStatement => ({ kind: 'membership', name: each.member, sql: grantRole(each) })),
    ...tablespaces.map((each): GlobalStatement => ({ kind: 'tablespace', name: each.name, sql: makeTablespace(each) })),
    ...settings.flatMap((each) => settingStatement(each) ?? []),
  ]
}

function createRole({ name: role, attributes, limit, until }: RoleRow): string {
  const options = [
    ...attributes,
    ...(limit === -1 ? [] : [`CONNECTION LIMIT ${limit}`]),
    ...(until === null ? [] : [`VALID UNTIL ${text(until)}`]),
  ]
  const body = `BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ${text(role)}) THEN CREATE ROLE ${name(role)} WITH ${options.join(' ')}; END IF; END`
  return `DO ${text(body)}`
}

function grantRole({ role, member, admin, inherits, sets }: MembershipRow): string {
  const options = [
    ...(admin ? ['ADMIN TRUE'] : []),
    ...(inherits === null ? [] : [`INHERIT ${inherits ? 'TRUE' : 'FALSE'}`]),
    ...(sets === null ? [] : [`SET ${sets ? 'TRUE' : 'FALSE'}`]),
  ]
  const grant = `GRANT ${name(role)} TO ${name(member)}`
  // Before PostgreSQL 16, there is one option, and another way to say it, which later ones understand, too.
  if (inherits === null) return admin ? `${grant} WITH ADMIN OPTION` : grant
  return `${grant} WITH ${options.join(', ')}`
}

function makeTablespace({ name: space, owner, location, options }: TablespaceRow): string {
  const set = options === null ? '' : ` WITH (${options.join(', ')})`
  return `CREATE TABLESPACE ${name(space)} OWNER ${name(owner)} LOCATION ${text(location)}${set}`
}

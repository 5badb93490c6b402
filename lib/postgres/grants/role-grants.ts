// The two roles that a watched database needs, as SQL that a person reads and then runs. Nothing here runs it.
import pg from 'pg'

/** `watch` reads catalogs and the ledger, for checks; `dump` reads every row, for backups, and so may watch, too. */
export const GRANT_ROLES = ['watch', 'dump'] as const

export type GrantRole = (typeof GRANT_ROLES)[number]

export type RoleGrants = {
  role: GrantRole
  /** The name of the role in the database. */
  name: string
  /** One command each, without the semicolon, in order; each may be run again. */
  statements: string[]
  /** What no statement here does, for a person to know. */
  notes: string[]
}

/** How the role will log in. */
export type LogIn = 'password' | 'rds-iam'

/** The name that the role gets. */
export function grantName(role: GrantRole): string {
  return `raingauge_${role}`
}

/**
 * Makes the role where it is not there. Attributes that it must not have are not spelled out: a new role has none of them, and to name
 * them takes a superuser, which hosted databases give nobody. A session that forgets itself still writes nothing.
 */
export function makeRole(name: string, logIn: LogIn): string[] {
  const role = pg.escapeIdentifier(name)
  return [
    `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ${pg.escapeLiteral(name)}) THEN CREATE ROLE ${role} LOGIN; END IF; END $$`,
    `ALTER ROLE ${role} SET default_transaction_read_only = on`,
    ...(logIn === 'rds-iam' ? [`GRANT rds_iam TO ${role}`] : []),
  ]
}

/** What to do about the password, which is nobody's business here. */
export function passwordNote(name: string, logIn: LogIn): string[] {
  return logIn === 'rds-iam'
    ? []
    : [`give it a password, which psql sends as a hash and writes nowhere: \\password ${name}`]
}

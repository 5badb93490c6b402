// The same grants without a look at the database: the script finds out for itself what there is.
import pg from 'pg'
import type { LedgerName } from '../../config/config.ts'
import { grantName, makeRole, passwordNote, type GrantRole, type LogIn, type RoleGrants } from './role-grants.ts'

/** For any database of PostgreSQL 14 or newer; `ledgers`: those to look for. */
export function genericGrants(role: GrantRole, ledgers: readonly LedgerName[], logIn: LogIn): RoleGrants {
  const name = grantName(role)
  const made = [...makeRole(name, logIn), connect(name)]
  const notes = passwordNote(name, logIn)
  switch (role) {
    case 'watch':
      return {
        role,
        name,
        statements: [...made, readLedgers(name, ledgers)],
        notes: [...notes, 'a ledger with row security wants a policy besides: print this with a look at the database'],
      }
    case 'dump':
      return {
        role,
        name,
        statements: [...made, `GRANT pg_read_all_data TO ${pg.escapeIdentifier(name)}`, bypass(name)],
        notes: [...notes, 'large objects are not in this: print it with a look at the database'],
      }
    default:
      return role satisfies never
  }
}

function connect(name: string): string {
  return (
    `DO $$ BEGIN EXECUTE pg_catalog.format('GRANT CONNECT ON DATABASE %I TO %I', ` +
    `pg_catalog.current_database(), ${pg.escapeLiteral(name)}); END $$`
  )
}

function readLedgers(name: string, ledgers: readonly LedgerName[]): string {
  const role = pg.escapeLiteral(name)
  const wanted = ledgers.map(({ schema, table }) => `(${pg.escapeLiteral(schema)}, ${pg.escapeLiteral(table)})`)
  return (
    `DO $$ DECLARE ledger record; BEGIN FOR ledger IN SELECT n.nspname, c.relname FROM pg_catalog.pg_class c ` +
    `JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE (n.nspname, c.relname) IN (${wanted.join(', ')}) LOOP ` +
    `EXECUTE pg_catalog.format('GRANT USAGE ON SCHEMA %I TO %I', ledger.nspname, ${role}); ` +
    `EXECUTE pg_catalog.format('GRANT SELECT ON %I.%I TO %I', ledger.nspname, ledger.relname, ${role}); END LOOP; END $$`
  )
}

function bypass(name: string): string {
  return (
    `DO $$ BEGIN IF EXISTS (SELECT FROM pg_catalog.pg_class WHERE relrowsecurity) THEN ` +
    `ALTER ROLE ${pg.escapeIdentifier(name)} BYPASSRLS; END IF; END $$`
  )
}

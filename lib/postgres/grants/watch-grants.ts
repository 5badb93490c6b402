import pg from 'pg'
import { firstFew } from '../../words.ts'
import type { GrantFacts, LedgerFacts } from './grant-facts.ts'
import { grantName, makeRole, passwordNote, type LogIn, type RoleGrants } from './role-grants.ts'

/** The role for checks: may connect, and read the ledger. Catalogs are open to everybody; no row of another table is. */
export function watchGrants(facts: GrantFacts, logIn: LogIn): RoleGrants {
  const name = grantName('watch')
  const role = pg.escapeIdentifier(name)
  return {
    role: 'watch',
    name,
    statements: [
      ...makeRole(name, logIn),
      `GRANT CONNECT ON DATABASE ${pg.escapeIdentifier(facts.database)} TO ${role}`,
      ...facts.ledgers.flatMap((ledger) => readLedger(ledger, name)),
    ],
    notes: [
      ...passwordNote(name, logIn),
      ...(facts.ledgers.length === 0
        ? ['there is no ledger yet: print this again when the first migration has been applied']
        : []),
      ...openNotes(facts),
    ],
  }
}

/** What everybody may do, the role may do as well: nothing that is granted to it can take that back. */
export function openNotes({ openSchemas, openTables }: GrantFacts): string[] {
  return [
    ...openSchemas.map(
      (schema) =>
        `everybody may make objects in the schema ${schema}: REVOKE CREATE ON SCHEMA ${pg.escapeIdentifier(schema)} FROM PUBLIC`,
    ),
    ...(openTables.length === 0
      ? []
      : [`everybody has rights on ${firstFew(openTables)}: see GRANT … TO PUBLIC there`]),
  ]
}

function readLedger({ schema, table, rowSecurity }: LedgerFacts, name: string): string[] {
  const role = pg.escapeIdentifier(name)
  const place = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`
  const policy = `CREATE POLICY ${role} ON ${place} FOR SELECT TO ${role} USING (true)`
  return [
    `GRANT USAGE ON SCHEMA ${pg.escapeIdentifier(schema)} TO ${role}`,
    `GRANT SELECT ON ${place} TO ${role}`,
    ...(rowSecurity
      ? [
          `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_policy WHERE polname = ${pg.escapeLiteral(name)} ` +
            `AND polrelid = ${pg.escapeLiteral(place)}::pg_catalog.regclass) THEN ${policy}; END IF; END $$`,
        ]
      : []),
  ]
}

import pg from 'pg'
import { firstFew } from '../../words.ts'
import type { GrantFacts } from './grant-facts.ts'
import { grantName, makeRole, passwordNote, type LogIn, type RoleGrants } from './role-grants.ts'
import { openNotes } from './watch-grants.ts'

/** Since when there is `pg_read_all_data` (manual, "Predefined Roles"). */
const PREDEFINED_SINCE = 14
/** Since when large objects have default privileges (manual, ALTER DEFAULT PRIVILEGES). */
const LARGE_OBJECT_DEFAULTS_SINCE = 18

export type DumpGrantOptions = {
  logIn: LogIn
  /** Schema by schema and owner by owner, where nobody may grant `pg_read_all_data`, or the role should not read everything. */
  byObject?: boolean
}

/** The role for backups, and for checks beside them: may connect and read every row, and write none. */
export function dumpGrants(facts: GrantFacts, { logIn, byObject = false }: DumpGrantOptions): RoleGrants {
  const name = grantName('dump')
  const role = pg.escapeIdentifier(name)
  const predefined = facts.major >= PREDEFINED_SINCE && !byObject
  return {
    role: 'dump',
    name,
    statements: [
      ...makeRole(name, logIn),
      `GRANT CONNECT ON DATABASE ${pg.escapeIdentifier(facts.database)} TO ${role}`,
      ...(predefined ? [`GRANT pg_read_all_data TO ${role}`] : readEach(facts, role)),
      // pg_dump switches row security off, which fails for whoever is under it, whatever its policies show.
      ...(facts.guarded.length === 0 ? [] : [`ALTER ROLE ${role} BYPASSRLS`]),
      ...largeObjects(facts, role),
    ],
    notes: [
      ...passwordNote(name, logIn),
      ...(facts.guarded.length === 0
        ? []
        : [`BYPASSRLS is for ${firstFew(facts.guarded)}, whose row security would hide rows`]),
      ...(facts.largeObjects === 0
        ? []
        : ['large objects are granted one by one: run this again when others have been made, or a backup names the first it may not read']), // prettier-ignore
      ...(facts.subscriptions === 0
        ? []
        : ['there are subscriptions, which pg_dump leaves out for all but superusers: keep their CREATE SUBSCRIPTION elsewhere']), // prettier-ignore
      ...(predefined
        ? []
        : ['schemas that other roles make later are not in this: print it again when there is a new owner']),
      ...openNotes(facts),
    ],
  }
}

/** What there is now, and what its owners will make. */
function readEach({ schemas, owners }: GrantFacts, role: string): string[] {
  return [
    ...schemas
      .map(pg.escapeIdentifier)
      .flatMap((schema) => [
        `GRANT USAGE ON SCHEMA ${schema} TO ${role}`,
        `GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${role}`,
        `GRANT SELECT ON ALL SEQUENCES IN SCHEMA ${schema} TO ${role}`,
      ]),
    ...owners
      .map(pg.escapeIdentifier)
      .flatMap((owner) => [
        `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} GRANT USAGE ON SCHEMAS TO ${role}`,
        `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} GRANT SELECT ON TABLES TO ${role}`,
        `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} GRANT SELECT ON SEQUENCES TO ${role}`,
      ]),
  ]
}

/** They are in no schema, and `pg_read_all_data` does not reach them. */
function largeObjects({ largeObjects: count, major, owners }: GrantFacts, role: string): string[] {
  if (count === 0) return []
  return [
    `DO $$ DECLARE lo pg_catalog.oid; BEGIN FOR lo IN SELECT oid FROM pg_catalog.pg_largeobject_metadata LOOP ` +
      `EXECUTE pg_catalog.format('GRANT SELECT ON LARGE OBJECT %s TO %s', lo, ${pg.escapeLiteral(role)}); END LOOP; END $$`,
    ...(major < LARGE_OBJECT_DEFAULTS_SINCE
      ? []
      : owners.map(
          (owner) =>
            `ALTER DEFAULT PRIVILEGES FOR ROLE ${pg.escapeIdentifier(owner)} GRANT SELECT ON LARGE OBJECTS TO ${role}`,
        )),
  ]
}

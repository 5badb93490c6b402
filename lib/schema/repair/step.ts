import pg from 'pg'
import type { CatalogObject } from '../catalog.ts'
import type { Side } from '../difference.ts'
import type { Hazard } from '../../hazard.ts'

/** One statement of a repair, without its closing semicolon, and what to beware of. */
export type Step = { sql: string; hazards: readonly Hazard[] }

/**
 * Where the SQL will run. `database`: once, by hand, against the database that drifted. `migration`: everywhere, also where it is
 * so already, and in one transaction with others.
 */
export type Purpose = 'database' | 'migration'

/** Takes one class of objects from one state to another. undefined: this takes a person. */
export type Repairer = {
  create: (side: Side, purpose: Purpose) => Step[] | undefined
  drop: (side: Side, purpose: Purpose) => Step[] | undefined
  change: (
    from: CatalogObject,
    to: CatalogObject,
    facts: readonly string[],
    purpose: Purpose,
    sides: { from: Side; to: Side },
  ) => Step[] | undefined
}

/** A step. */
export function step(sql: string, ...hazards: Hazard[]): Step {
  return { sql, hazards }
}

/** True where these facts are all that a repair must see to. */
export function onlyFacts(facts: readonly string[], known: readonly string[]): boolean {
  return facts.every((fact) => known.includes(fact))
}

/** A statement that does nothing where its work is done already. */
export function idempotent(statement: string): string {
  if (MADE_ONCE.test(statement)) return unlessThere(statement)
  return statement
    .replace(/^CREATE (?=(?:VIEW|RULE|AGGREGATE|TRANSFORM|(?:TRUSTED )?LANGUAGE) )/, 'CREATE OR REPLACE ')
    .replace(UNLESS_EXISTS, '$&IF NOT EXISTS ')
    .replace(/^ALTER TABLE .+? ADD COLUMN /, '$&IF NOT EXISTS ')
}

const MADE_ONCE =
  /^(?:CREATE (?:TYPE|DOMAIN|OPERATOR|CAST|(?:DEFAULT )?CONVERSION|EVENT TRIGGER|TEXT SEARCH|ACCESS METHOD)|ALTER TEXT SEARCH CONFIGURATION|ALTER OPERATOR FAMILY) /

const UNLESS_EXISTS =
  /^CREATE (?:(?:UNIQUE )?INDEX|(?:UNLOGGED )?TABLE|(?:UNLOGGED )?SEQUENCE|SCHEMA|EXTENSION|MATERIALIZED VIEW|STATISTICS|COLLATION) /

/** For what knows no IF NOT EXISTS. */
function unlessThere(statement: string): string {
  return unlessThat('duplicate_object OR duplicate_function OR unique_violation', statement)
}

/** A statement that does nothing where the server answers with such an error, as PL/pgSQL calls it (manual, appendix A). */
export function unlessThat(condition: string, statement: string): string {
  return `DO $raingauge$ BEGIN ${statement}; EXCEPTION WHEN ${condition} THEN NULL; END $raingauge$`
}

/** Statements that are run together where there is no object of that name, which `lookup` of pg_catalog finds. */
export function whereMissing(lookup: 'to_regclass' | 'to_regnamespace', name: string, statements: string[]): string {
  const condition = `pg_catalog.${lookup}(${pg.escapeLiteral(name)}) IS NULL`
  return `DO $raingauge$ BEGIN IF ${condition} THEN\n${statements.map((sql) => `${sql};`).join('\n')}\nEND IF; END $raingauge$`
}

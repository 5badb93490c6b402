// A migration runs where all is so already, too: a type that is made anew there would have every row written again.
import pg from 'pg'
import type { CatalogObject } from '../catalog.ts'
import { has, list, text } from '../ddl/fact-text.ts'
import { sqlName } from '../ddl/sql-name.ts'
import { step, unlessThat, type Step } from './step.ts'

/**
 * The steps that make `to` anew as one that does nothing where it is so: told by what it is made of, or else, since only what nothing
 * uses is made anew then, by something that uses it.
 */
export function anewOnce(to: CatalogObject, steps: readonly Step[]): Step {
  const all = steps.map(({ sql }) => sql).join(';\n')
  const hazards = new Set(steps.flatMap((each) => each.hazards))
  const isSo = lookup(to)
  if (isSo === undefined) return step(unlessThat('dependent_objects_still_exist', all), ...hazards)
  return step(`DO $raingauge$ BEGIN IF NOT EXISTS (${isSo}) THEN\n${all};\nEND IF; END $raingauge$`, ...hazards)
}

/** Finds a row of pg_catalog where the type is as it should be. */
function lookup(type: CatalogObject): string | undefined {
  const oid = `pg_catalog.to_regtype(${pg.escapeLiteral(sqlName(type.path))})`
  if (type.class === 'enum') {
    const labels = list(type, 'labels').map((label) => pg.escapeLiteral(label))
    const there = `SELECT pg_catalog.array_agg(e.enumlabel::pg_catalog.text ORDER BY e.enumsortorder) AS labels FROM pg_catalog.pg_enum e WHERE e.enumtypid = ${oid}`
    return `SELECT FROM (${there}) t WHERE t.labels = ARRAY[${labels.join(', ')}]::pg_catalog.text[]`
  }
  if (type.class !== 'domain') return undefined
  return `SELECT FROM pg_catalog.pg_type t WHERE t.oid = ${oid} AND ${hasBase(type)} AND t.typcollation = ${collation(type)}`
}

/** How format_type writes what is not of pg_catalog depends on the search path. */
function hasBase(domain: CatalogObject): string {
  const type = text(domain, 'type') ?? ''
  const words = pg.escapeLiteral(type)
  if (type.includes('.')) return `t.typbasetype = pg_catalog.to_regtype(${words})`
  return `pg_catalog.format_type(t.typbasetype, t.typtypmod) = ${words}`
}

function collation(domain: CatalogObject): string {
  if (has(domain, 'collation'))
    return `pg_catalog.to_regcollation(${pg.escapeLiteral(text(domain, 'collation') ?? '')})`
  return '(SELECT b.typcollation FROM pg_catalog.pg_type b WHERE b.oid = t.typbasetype)'
}

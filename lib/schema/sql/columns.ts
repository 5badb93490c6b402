import { canonicalExpression } from '../canonical-expression.ts'
import { qualifiedName, type CatalogObject, type Fact } from '../catalog.ts'
import { commentOn, facts, notOfExtension, userSchema, type CatalogGroupQuery } from './catalog-query.ts'

type ColumnRow = {
  relation: number
  schema: string
  table: string
  name: string
  position: number
  type: string
  notNull: boolean
  generated: 's' | 'v' | null
  identity: 'a' | 'd' | null
  persistence: string
  collation: string | null
  storage: string | null
  compression: string | null
  statistics: number | null
  options: string[] | null
  inherited: true | null
  alsoOwn: true | null
  notNullNotValid: boolean | null
  notNullNoInherit: boolean | null
  comment: string | null
}

/** A default, or what generates the column. */
type ExpressionRow = { relation: number; position: number; expression: string | null }

/** The sequence behind an identity column. */
type IdentityRow = {
  relation: number
  position: number
  sequence: string
  start: string
  increment: string
  min: string
  max: string
  cache: string
  cycle: boolean
  persistence: string
}

const EXPRESSIONS = `SELECT adrelid AS relation, adnum AS position, pg_catalog.pg_get_expr(adbin, adrelid) AS expression FROM pg_catalog.pg_attrdef`

const IDENTITIES = `SELECT d.refobjid AS relation, d.refobjsubid AS position,
     pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS sequence, s.seqstart::text AS start,
     s.seqincrement::text AS increment, s.seqmin::text AS min, s.seqmax::text AS max, s.seqcache::text AS cache, s.seqcycle AS cycle,
     c.relpersistence AS persistence
   FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_sequence s ON s.seqrelid = d.objid
   JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype = 'i'
     AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass`

/** Columns of tables. The place of a column is shown and not compared. Until 16, attstattarget says -1 where it is NULL from 17 on. */
export const columns: CatalogGroupQuery<ColumnRow, [ExpressionRow[], IdentityRow[]]> = {
  sql: `SELECT c.oid AS relation, n.nspname AS schema, c.relname AS table, a.attname AS name, a.attnum AS position,
     pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS "notNull",
     NULLIF(a.attgenerated, '') AS generated, NULLIF(a.attidentity, '') AS identity, c.relpersistence AS persistence,
     CASE WHEN a.attcollation <> t.typcollation THEN
       (SELECT pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(o.collname) FROM pg_catalog.pg_collation o
        JOIN pg_catalog.pg_namespace cn ON cn.oid = o.collnamespace WHERE o.oid = a.attcollation) END AS collation,
     CASE WHEN a.attstorage <> t.typstorage THEN
       CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END AS storage,
     CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression,
     CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END AS statistics, a.attoptions AS options,
     CASE WHEN a.attinhcount > 0 THEN true END AS inherited, CASE WHEN a.attinhcount > 0 AND a.attislocal THEN true END AS "alsoOwn",
     NOT nn.convalidated AS "notNullNotValid", nn.connoinherit AS "notNullNoInherit", comment.description AS comment
   FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
   JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
   ${commentOn('pg_class', 'a.attrelid', 'a.attnum')}
   LEFT JOIN pg_catalog.pg_constraint nn ON nn.contype = 'n' AND (nn.connoinherit OR NOT nn.convalidated)
     AND nn.conrelid = a.attrelid AND nn.conkey[1] = a.attnum
   WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND ${userSchema('n')}
     AND ${notOfExtension('pg_class', 'c.oid')}`,
  parts: [EXPRESSIONS, IDENTITIES],
  objects: (rows, expressions, identities) => {
    const written = new Map(expressions.map((row) => [place(row), row.expression]))
    const counted = new Map(identities.map((row) => [place(row), row]))
    // One text for all the columns of a table: it is built and hashed once.
    const tables = new Map<number, string>()
    return rows.map((row) => {
      const table = tables.get(row.relation) ?? `table ${qualifiedName([row.schema, row.table])}`
      tables.set(row.relation, table)
      return columnOf(row, table, written.get(place(row)) ?? null, counted.get(place(row)))
    })
  },
}

/** One number for each column: no table has 2,048 of them (access/htup_details.h, MaxHeapAttributeNumber). */
function place({ relation, position }: { relation: number; position: number }): number {
  return relation * 2048 + position
}

/** Without rest and spread: there are more columns than all else, and these two would cost more than reading them. */
function columnOf(
  row: ColumnRow,
  table: string,
  expression: string | null,
  identity: IdentityRow | undefined,
): CatalogObject {
  const { generated } = row
  const attributes = facts({
    type: row.type,
    notNull: row.notNull,
    collation: row.collation,
    storage: row.storage,
    compression: row.compression,
    statistics: row.statistics,
    options: row.options,
    inherited: row.inherited,
    alsoOwn: row.alsoOwn,
    notNullNotValid: row.notNullNotValid,
    notNullNoInherit: row.notNullNoInherit,
    comment: row.comment,
    default: generated === null && expression !== null && canonicalExpression(expression),
    generated:
      generated !== null && `(${canonicalExpression(expression ?? '')}) ${generated === 's' ? 'STORED' : 'VIRTUAL'}`,
    identity: row.identity !== null && (row.identity === 'a' ? 'ALWAYS' : 'BY DEFAULT'),
  })
  return {
    class: 'column',
    name: `${table.slice('table '.length)}.${qualifiedName([row.name])}`,
    path: [row.schema, row.table, row.name],
    parent: table,
    position: row.position,
    attributes: identity === undefined ? attributes : { ...attributes, ...identityFacts(identity, row) },
  }
}

function identityFacts(sequence: IdentityRow, column: ColumnRow): Record<string, Fact> {
  return facts({
    identitySequence: sequence.sequence,
    identityStart: sequence.start,
    identityIncrement: sequence.increment,
    identityMin: sequence.min,
    identityMax: sequence.max,
    identityCache: sequence.cache,
    identityCycle: sequence.cycle,
    identityPersistence:
      sequence.persistence !== column.persistence && (sequence.persistence === 'u' ? 'UNLOGGED' : 'LOGGED'),
  })
}

import { canonicalExpression } from '../canonical-expression.ts'
import { qualifiedName, type CatalogObject, type Fact } from '../catalog.ts'
import { facts, type CatalogGroupQuery } from './catalog-query.ts'
import { placeOf, userRelations, type Relation } from './lookup.ts'
import { SEQUENCES, type SequenceRow } from './sequence-rows.ts'

type ColumnRow = {
  relation: number
  name: string
  position: number
  type: string
  notNull: boolean
  generated: 's' | 'v' | null
  identity: 'a' | 'd' | null
  /** Facts that few columns have. */
  rare: Record<string, Fact> | null
  /** Null: it is the table's own alone; else whether it is that too. */
  inherited: boolean | null
}

/** A default, or what generates the column. */
type ExpressionRow = { relation: number; position: number; expression: string | null }

/** What is odd about the NOT NULL of a column. */
type NotNullRow = {
  relation: number
  position: number
  notValid: boolean
  noInherit: boolean
  /** Null where the server may have made it up. */
  name: string | null
}

/**
 * Only what generates a column has variables (`{VAR`, nodes/outfuncs.c; in names and constants a brace is escaped or a number), and only
 * for these need the server open the table. Where one were missed it would say so.
 */
const EXPRESSIONS = `SELECT adrelid AS relation, adnum AS position,
     pg_catalog.pg_get_expr(adbin, CASE WHEN pg_catalog.strpos(adbin::text, '{VAR ') > 0 THEN adrelid ELSE 0 END) AS expression
   FROM pg_catalog.pg_attrdef WHERE adrelid IN ${userRelations(`'r', 'p'`)}`

/**
 * NOT NULL that is odd, or is called otherwise than the server calls it by itself (ChooseConstraintName): such a name tells of what the table
 * was called once, or of a restore from an older major.
 */
const NOT_NULLS = `SELECT conrelid AS relation, conkey[1] AS position, NOT convalidated AS "notValid", connoinherit AS "noInherit",
     CASE WHEN coninhcount = 0 AND conname !~ '_not_null[0-9]*$' THEN conname END AS name
   FROM pg_catalog.pg_constraint WHERE contype = 'n' AND conrelid <> 0
     AND (connoinherit OR NOT convalidated OR (coninhcount = 0 AND conname !~ '_not_null[0-9]*$'))`

/** Columns of tables. The place of a column is shown and not compared. Until 16, attstattarget says -1 where it is NULL from 17 on. */
export const columns: CatalogGroupQuery<ColumnRow, [ExpressionRow[], SequenceRow[], NotNullRow[]]> = {
  sql: `SELECT a.attrelid AS relation, a.attname AS name, a.attnum AS position,
     pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS "notNull",
     NULLIF(a.attgenerated, '') AS generated, NULLIF(a.attidentity, '') AS identity,
     CASE WHEN a.attinhcount > 0 THEN a.attislocal END AS inherited,
     CASE WHEN a.attcollation <> t.typcollation OR a.attstorage <> t.typstorage OR a.attcompression <> '' OR a.attstattarget >= 0
       OR a.attoptions IS NOT NULL THEN pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
         'collation', CASE WHEN a.attcollation <> t.typcollation THEN
           (SELECT pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(o.collname) FROM pg_catalog.pg_collation o
            JOIN pg_catalog.pg_namespace cn ON cn.oid = o.collnamespace WHERE o.oid = a.attcollation) END,
         'storage', CASE WHEN a.attstorage <> t.typstorage THEN
           CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END,
         'compression', CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END,
         'statistics', CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END, 'options', a.attoptions)) END AS rare
   FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
   WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid IN ${userRelations(`'r', 'p'`)}`,
  parts: [EXPRESSIONS, SEQUENCES, NOT_NULLS],
  objects: (rows, lookup, expressions, sequences, notNulls) => {
    const written = new Map(expressions.map((row) => [placeOf(row.relation, row.position), row.expression]))
    const counted = new Map<number, SequenceRow>()
    for (const row of sequences) {
      if (row.relation !== null && row.dependency === 'i') counted.set(placeOf(row.relation, row.position ?? 0), row)
    }
    const odd = new Map(notNulls.map((row) => [placeOf(row.relation, row.position), row]))
    const objects: CatalogObject[] = []
    for (const row of rows) {
      const table = lookup.relation(row.relation)
      if (table === undefined) continue
      const place = placeOf(row.relation, row.position)
      const comment = lookup.comment('relation', row.relation, row.position)
      objects.push(columnOf(row, table, comment, written.get(place) ?? null, counted.get(place), odd.get(place)))
    }
    return objects
  },
}

/** Without rest and spread: there are more columns than all else, and these two would cost more than reading them. */
function columnOf(
  row: ColumnRow,
  table: Relation,
  comment: string | null,
  expression: string | null,
  identity: SequenceRow | undefined,
  notNull: NotNullRow | undefined,
): CatalogObject {
  const { generated } = row
  const attributes = facts({
    type: row.type,
    notNull: row.notNull,
    inherited: row.inherited !== null,
    alsoOwn: row.inherited,
    notNullNotValid: notNull !== undefined && notNull.notValid,
    notNullNoInherit: notNull !== undefined && notNull.noInherit,
    notNullName: notNull !== undefined && notNull.name,
    comment,
    default: generated === null && expression !== null && canonicalExpression(expression),
    generated:
      generated !== null && `(${canonicalExpression(expression ?? '')}) ${generated === 's' ? 'STORED' : 'VIRTUAL'}`,
    identity: row.identity !== null && (row.identity === 'a' ? 'ALWAYS' : 'BY DEFAULT'),
  })
  return {
    class: 'column',
    name: `${table.full}.${qualifiedName([row.name])}`,
    path: [table.schema, table.name, row.name],
    parent: table.key,
    position: row.position,
    attributes:
      identity === undefined && row.rare === null
        ? attributes
        : { ...attributes, ...row.rare, ...(identity && identityFacts(identity, table)) },
  }
}

function identityFacts(sequence: SequenceRow, table: Relation): Record<string, Fact> {
  return facts({
    identitySequence: sequence.quoted,
    identityStart: sequence.start,
    identityIncrement: sequence.increment,
    identityMin: sequence.min,
    identityMax: sequence.max,
    identityCache: sequence.cache,
    identityCycle: sequence.cycle,
    identityPersistence:
      sequence.persistence !== table.persistence && (sequence.persistence === 'u' ? 'UNLOGGED' : 'LOGGED'),
  })
}

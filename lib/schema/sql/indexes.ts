import { canonicalExpression } from '../canonical-expression.ts'
import { canonicalOptions } from '../canonical-options.ts'
import { qualifiedName, type CatalogObject } from '../catalog.ts'
import { indexFacts } from '../index-facts.ts'
import { facts, type CatalogGroupQuery } from './catalog-query.ts'
import { USER_SCHEMAS, type Lookup, type Relation } from './lookup.ts'

type IndexRow = {
  oid: number
  relation: number
  name: string
  definition: string
  unique: boolean
  invalid: boolean
  clustered: boolean
  replicaIdentity: boolean
  partOf: string | null
  tablespace: string | null
}

/** Statistics targets of the expressions of an index. */
type TargetsRow = { index: number; statistics: string[] }

const TARGETS = `SELECT a.attrelid AS index, pg_catalog.array_agg(a.attnum || ': ' || a.attstattarget ORDER BY a.attnum) AS statistics
   FROM pg_catalog.pg_attribute a WHERE a.attnum > 0 AND a.attstattarget >= 0 AND a.attrelid >= 16384
     AND EXISTS (SELECT 1 FROM pg_catalog.pg_index x WHERE x.indexrelid = a.attrelid AND x.indexprs IS NOT NULL)
   GROUP BY a.attrelid`

/** Indexes, but for those that a constraint stands on: these are told with the constraint. */
export const indexes: CatalogGroupQuery<IndexRow, [TargetsRow[]]> = {
  sql: `SELECT c.oid, x.indrelid AS relation, c.relname AS name,
     pg_catalog.pg_get_indexdef(c.oid) AS definition, x.indisunique AS unique, NOT (x.indisvalid AND x.indisready) AS invalid,
     x.indisclustered AS clustered, x.indisreplident AS "replicaIdentity",
     CASE WHEN c.reltablespace <> 0 THEN (SELECT ts.spcname FROM pg_catalog.pg_tablespace ts WHERE ts.oid = c.reltablespace) END AS tablespace,
     CASE WHEN c.relispartition THEN (SELECT pg_catalog.quote_ident(pn.nspname) || '.' || pg_catalog.quote_ident(p.relname)
       FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class p ON p.oid = h.inhparent
       JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE h.inhrelid = c.oid) END AS "partOf"
   FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
   WHERE c.relnamespace IN ${USER_SCHEMAS}
     AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid = c.oid AND k.contype IN ('p', 'u', 'x'))`,
  parts: [TARGETS],
  objects: (rows, lookup, targets) => {
    const statistics = new Map(targets.map((row) => [row.index, row.statistics]))
    return rows.flatMap((row) => {
      const table = lookup.relation(row.relation)
      return table === undefined ? [] : indexOf(row, table, lookup, statistics.get(row.oid) ?? null)
    })
  },
}

function indexOf(row: IndexRow, table: Relation, lookup: Lookup, statistics: string[] | null): CatalogObject {
  const definition = canonicalOptions(canonicalExpression(row.definition))
  return {
    class: 'index',
    // It is in the schema of its table.
    name: qualifiedName([table.schema, row.name]),
    path: [table.schema, table.name, row.name],
    parent: table.key,
    attributes: facts({
      unique: row.unique,
      invalid: row.invalid,
      clustered: row.clustered,
      replicaIdentity: row.replicaIdentity,
      tablespace: row.tablespace,
      comment: lookup.comment('relation', row.oid),
      partOf: row.partOf,
      statistics,
      ...indexFacts(definition),
    }),
    definition,
  }
}

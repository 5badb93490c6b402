import { canonicalExpression } from '../canonical-expression.ts'
import { canonicalOptions } from '../canonical-options.ts'
import { qualifiedName, type CatalogObject } from '../catalog.ts'
import { indexFacts } from '../index-facts.ts'
import { facts, type CatalogGroupQuery } from './catalog-query.ts'
import { INDEXES, type IndexRow } from './index-rows.ts'
import type { Lookup, Relation } from './lookup.ts'

/** Indexes, but for those that a constraint stands on: these are told with the constraint. */
export const indexes: CatalogGroupQuery<IndexRow> = {
  sql: INDEXES,
  objects: (rows, lookup) =>
    rows.flatMap((row) => {
      const table = lookup.relation(row.relation)
      return row.definition === null || table === undefined ? [] : indexOf(row, row.definition, table, lookup)
    }),
}

function indexOf(row: IndexRow, written: string, table: Relation, lookup: Lookup): CatalogObject {
  const definition = canonicalOptions(canonicalExpression(written))
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
      statistics: row.statistics,
      ...indexFacts(definition),
    }),
    definition,
  }
}

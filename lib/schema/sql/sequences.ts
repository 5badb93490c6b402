import { qualifiedName, type CatalogObject } from '../catalog.ts'
import { facts, type CatalogGroupQuery } from './catalog-query.ts'
import type { Lookup } from './lookup.ts'
import { SEQUENCES, type SequenceRow } from './sequence-rows.ts'

/** Sequences, those of serial columns too; the one behind an identity column is told with its column. Never the value. */
export const sequences: CatalogGroupQuery<SequenceRow> = {
  sql: SEQUENCES,
  objects: (rows, lookup) => rows.filter((row) => row.dependency !== 'i').map((row) => sequenceOf(row, lookup)),
}

function sequenceOf(row: SequenceRow, lookup: Lookup): CatalogObject {
  const { owner } = row
  return {
    class: 'sequence',
    name: qualifiedName([row.schema, row.name]),
    path: [row.schema, row.name],
    parent: owner === null ? `schema ${qualifiedName([row.schema])}` : `column ${qualifiedName(owner)}`,
    attributes: facts({
      type: row.type,
      start: row.start,
      increment: row.increment,
      min: row.min,
      max: row.max,
      cache: row.cache,
      cycle: row.cycle,
      unlogged: row.persistence === 'u',
      comment: lookup.comment('relation', row.oid),
      ownedBy: owner,
    }),
  }
}

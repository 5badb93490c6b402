import { canonicalExpression } from '../canonical-expression.ts'
import { canonicalOptions } from '../canonical-options.ts'
import { qualifiedName, type CatalogObject, type Fact } from '../catalog.ts'
import { facts, type CatalogGroupQuery } from './catalog-query.ts'
import { INDEXES, type IndexRow } from './index-rows.ts'
import { USER_SCHEMAS, type Lookup, type Relation } from './lookup.ts'

type ConstraintRow = {
  oid: number
  relation: number
  name: string
  type: 'p' | 'u' | 'f' | 'c' | 'x'
  definition: string
  notValid: boolean
  inherited: boolean
  alsoOwn: boolean
}

type DisabledRow = { constraint: number; on: string[] }

const KINDS = { p: 'PRIMARY KEY', u: 'UNIQUE', f: 'FOREIGN KEY', c: 'CHECK', x: 'EXCLUDE' } as const satisfies Record<
  ConstraintRow['type'],
  Fact
>

const DISABLED = `SELECT g.tgconstraint AS constraint, pg_catalog.array_agg(DISTINCT pg_catalog.quote_ident(n.nspname) || '.'
     || pg_catalog.quote_ident(c.relname) || CASE g.tgenabled WHEN 'R' THEN ' (replica only)' WHEN 'A' THEN ' (always)' ELSE '' END) AS on
   FROM pg_catalog.pg_trigger g JOIN pg_catalog.pg_class c ON c.oid = g.tgrelid
   JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE g.tgisinternal AND g.tgenabled <> 'O' GROUP BY g.tgconstraint`

/**
 * Constraints of tables, with their index where they stand on one and the internal triggers that make them hold, which
 * `DISABLE TRIGGER ALL` switches off. A foreign key to a partitioned table has further rows, one for each partition: left out as pg_dump does. NOT NULL is the column's: only from 18 on has it rows here. Constraint triggers are triggers.
 */
export const constraints: CatalogGroupQuery<ConstraintRow, [IndexRow[], DisabledRow[]]> = {
  sql: `SELECT k.oid, k.conrelid AS relation, k.conname AS name, k.contype AS type,
     pg_catalog.pg_get_constraintdef(k.oid) AS definition, NOT k.convalidated AS "notValid", k.coninhcount > 0 AS inherited,
     k.coninhcount > 0 AND k.conislocal AS "alsoOwn"
   FROM pg_catalog.pg_constraint k WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND k.conrelid <> 0 AND k.connamespace IN ${USER_SCHEMAS}
     AND (k.conparentid = 0 OR NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint u WHERE u.oid = k.conparentid AND u.conrelid = k.conrelid))`,
  parts: [INDEXES, DISABLED],
  objects: (rows, lookup, indexes, disabled) => {
    const standsOn = new Map(indexes.map((index) => [index.constraint, index]))
    const off = new Map(disabled.map(({ constraint, on }) => [constraint, on]))
    return rows.flatMap((row) => {
      const table = lookup.relation(row.relation)
      return table === undefined ? [] : constraintOf(row, table, lookup, standsOn.get(row.oid), off.get(row.oid))
    })
  },
}

function constraintOf(
  { oid, name, type, definition, notValid, inherited, alsoOwn }: ConstraintRow,
  { schema, name: table, full, key }: Relation,
  lookup: Lookup,
  index: IndexRow | undefined,
  disabledTriggers: string[] | undefined,
): CatalogObject {
  return {
    class: 'constraint',
    name: `${full}.${qualifiedName([name])}`,
    path: [schema, table, name],
    parent: key,
    attributes: facts({
      ...split(canonicalOptions(canonicalExpression(definition.replace(NOT_VALID, '')))),
      // What is not enforced was not looked at either.
      notValid: notValid && !definition.endsWith(NOT_ENFORCED),
      inherited,
      alsoOwn,
      comment: lookup.comment('constraint', oid),
      kind: KINDS[type],
      disabledTriggers: disabledTriggers ?? null,
      ...(index && indexFacts(index, lookup)),
      // One that comes from the table's is told by that.
      attachedTo: inherited ? null : (index?.partOf ?? null),
    }),
  }
}

/** What is to be said of the index that a constraint stands on. */
function indexFacts(index: IndexRow, lookup: Lookup): Record<string, Fact | null> {
  return {
    invalidIndex: index.invalid,
    clustered: index.clustered,
    replicaIdentity: index.replicaIdentity,
    tablespace: index.tablespace,
    options: index.options && index.options.toSorted(),
    statistics: index.statistics,
    indexComment: lookup.comment('relation', index.oid),
  }
}

const NOT_ENFORCED = ' NOT ENFORCED'
const NOT_VALID = / NOT VALID$/

/** When and whether it is looked at stands at the end of what pg_get_constraintdef writes. */
function split(definition: string): { definition: string; deferrable: string | false; notEnforced: boolean } {
  const notEnforced = definition.endsWith(NOT_ENFORCED)
  const rest = notEnforced ? definition.slice(0, -NOT_ENFORCED.length) : definition
  const deferrable = / DEFERRABLE(?: INITIALLY DEFERRED)?$/.exec(rest)?.[0] ?? ''
  return {
    definition: rest.slice(0, rest.length - deferrable.length),
    deferrable: deferrable !== '' && deferrable.trim(),
    notEnforced,
  }
}

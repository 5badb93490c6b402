import { canonicalExpression } from '../canonical-expression.ts'
import { canonicalOptions } from '../canonical-options.ts'
import { qualifiedName, type Fact } from '../catalog.ts'
import { commentOn, facts, notOfExtension, relationKey, userSchema, type CatalogQuery } from './catalog-query.ts'

type ConstraintRow = {
  schema: string
  table: string
  tableKind: string
  name: string
  type: 'p' | 'u' | 'f' | 'c' | 'x'
  definition: string
  notValid: boolean
  inherited: boolean
  invalidIndex: boolean | null
  clustered: boolean | null
  replicaIdentity: boolean | null
  tablespace: string | null
  options: string[] | null
  indexComment: string | null
  statistics: string[] | null
  alsoOwn: boolean
  disabledTriggers: string[]
  comment: string | null
}

const KINDS = { p: 'PRIMARY KEY', u: 'UNIQUE', f: 'FOREIGN KEY', c: 'CHECK', x: 'EXCLUDE' } as const satisfies Record<
  ConstraintRow['type'],
  Fact
>

/**
 * Constraints of tables, with their index where they stand on one and the internal triggers that make them hold, which
 * `DISABLE TRIGGER ALL` switches off. A foreign key to a partitioned table has further rows, one for each partition: left out as pg_dump does. NOT NULL is the column's: only from 18 on has it rows here. Constraint triggers are triggers.
 */
export const constraints: CatalogQuery<ConstraintRow> = {
  sql: `SELECT n.nspname AS schema, c.relname AS table, c.relkind AS "tableKind", k.conname AS name, k.contype AS type,
     pg_catalog.pg_get_constraintdef(k.oid) AS definition,
     NOT k.convalidated AS "notValid", k.coninhcount > 0 AS inherited, NOT (x.indisvalid AND x.indisready) AS "invalidIndex",
     x.indisclustered AS clustered, x.indisreplident AS "replicaIdentity",
     k.coninhcount > 0 AND k.conislocal AS "alsoOwn",
     CASE WHEN x.indexprs IS NOT NULL THEN (SELECT pg_catalog.array_agg(a.attnum || ': ' || a.attstattarget ORDER BY a.attnum)
       FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.oid AND a.attstattarget >= 0) END AS statistics, ts.spcname AS tablespace, comment.description AS comment,
     i.reloptions AS options, "indexComment".description AS "indexComment",
     CASE WHEN disabled.conid IS NULL THEN '{}'::text[] ELSE disabled.on END AS "disabledTriggers"
   FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
   JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace ${commentOn('pg_constraint', 'k.oid')}
   LEFT JOIN pg_catalog.pg_index x ON x.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')
   LEFT JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
   LEFT JOIN pg_catalog.pg_description "indexComment" ON "indexComment".objoid = i.oid AND "indexComment".objsubid = 0
     AND "indexComment".classoid = 'pg_catalog.pg_class'::pg_catalog.regclass
   LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = i.reltablespace
   LEFT JOIN (SELECT g.tgconstraint AS conid, pg_catalog.array_agg(DISTINCT pg_catalog.quote_ident(gn.nspname) || '.'
         || pg_catalog.quote_ident(gc.relname) || CASE g.tgenabled WHEN 'R' THEN ' (replica only)' WHEN 'A' THEN ' (always)' ELSE '' END) AS on
       FROM pg_catalog.pg_trigger g JOIN pg_catalog.pg_class gc ON gc.oid = g.tgrelid
       JOIN pg_catalog.pg_namespace gn ON gn.oid = gc.relnamespace
       WHERE g.tgisinternal AND g.tgenabled <> 'O' GROUP BY g.tgconstraint) disabled ON disabled.conid = k.oid
   WHERE k.contype IN ('p', 'u', 'f', 'c', 'x')
     AND (k.conparentid = 0 OR NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint u WHERE u.oid = k.conparentid AND u.conrelid = k.conrelid))
     AND ${userSchema('n')} AND ${notOfExtension('pg_class', 'c.oid')}`,
  object: ({ schema, table, tableKind, name, type, disabledTriggers, definition, notValid, options, ...row }) => ({
    class: 'constraint',
    name: qualifiedName([schema, table, name]),
    path: [schema, table, name],
    parent: relationKey(tableKind, qualifiedName([schema, table])),
    attributes: facts({
      ...row,
      ...split(canonicalOptions(canonicalExpression(definition.replace(NOT_VALID, '')))),
      // What is not enforced was not looked at either.
      notValid: notValid && !definition.endsWith(NOT_ENFORCED),
      options: options !== null && options.toSorted(),
      kind: KINDS[type],
      disabledTriggers: disabledTriggers.length > 0 && disabledTriggers,
    }),
  }),
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

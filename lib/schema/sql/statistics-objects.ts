import { canonicalExpression } from '../canonical-expression.ts'
import { qualifiedName } from '../catalog.ts'
import {
  anyRow,
  commentOn,
  facts,
  notOfExtension,
  relationKey,
  userSchema,
  type CatalogQuery,
} from './catalog-query.ts'

type StatisticsRow = {
  schema: string
  name: string
  tableSchema: string
  table: string
  tableKind: string
  definition: string
  statistics: number | null
  comment: string | null
}

/** Extended statistics (pg_statistic_ext). Until 16, stxstattarget says -1 where it is NULL from 17 on. */
export const statisticsObjects: CatalogQuery<StatisticsRow> = {
  inUse: anyRow('pg_statistic_ext'),
  sql: `SELECT n.nspname AS schema, s.stxname AS name, tn.nspname AS "tableSchema", c.relname AS table, c.relkind AS "tableKind",
     pg_catalog.pg_get_statisticsobjdef(s.oid) AS definition, CASE WHEN s.stxstattarget >= 0 THEN s.stxstattarget END AS statistics,
     comment.description AS comment
   FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
   JOIN pg_catalog.pg_class c ON c.oid = s.stxrelid JOIN pg_catalog.pg_namespace tn ON tn.oid = c.relnamespace
   ${commentOn('pg_statistic_ext', 's.oid')}
   WHERE ${userSchema('n')} AND ${notOfExtension('pg_statistic_ext', 's.oid')} AND ${notOfExtension('pg_class', 'c.oid')}`,
  object: ({ schema, name, tableSchema, table, tableKind, definition, ...row }) => ({
    class: 'statistics object',
    name: qualifiedName([schema, name]),
    path: [schema, name],
    parent: relationKey(tableKind, qualifiedName([tableSchema, table])),
    attributes: facts({ ...row, definition: inOrder(canonicalExpression(definition)) }),
  }),
}

/** Its plain columns by name: the server keeps them in the order of the table, which is that of history. Expressions come last as they are. */
function inOrder(definition: string): string {
  return definition.replace(COLUMNS, (_, on: string, columns: string) => {
    const names = columns.match(new RegExp(NAME, 'g')) ?? []
    return on + names.toSorted().join(', ')
  })
}

const NAME = String.raw`(?:"(?:[^"]|"")+"|[^\s",()]+)`
const COLUMNS = new RegExp(String.raw`( ON )(${NAME}(?:, ${NAME})*)(?=, \(| FROM )`)

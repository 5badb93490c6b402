import { canonicalExpression } from '../canonical-expression.ts'
import { qualifiedName } from '../catalog.ts'
import { commentOn, facts, notOfExtension, userSchema, type CatalogQuery } from './catalog-query.ts'

type ColumnRow = {
  schema: string
  table: string
  name: string
  position: number
  type: string
  notNull: boolean
  expression: string | null
  generated: '' | 's' | 'v'
  identity: '' | 'a' | 'd'
  identitySequence: string | null
  identityStart: string | null
  identityIncrement: string | null
  identityMin: string | null
  identityMax: string | null
  identityCache: string | null
  identityCycle: boolean | null
  identityPersistence: string | null
  collation: string | null
  storage: string | null
  compression: string | null
  statistics: number | null
  options: string[] | null
  inherited: boolean
  alsoOwn: boolean
  notNullNotValid: boolean | null
  notNullNoInherit: boolean | null
  comment: string | null
}

/** Columns of tables. The place of a column is shown and not compared. Until 16, attstattarget says -1 where it is NULL from 17 on. */
export const columns: CatalogQuery<ColumnRow> = {
  sql: `SELECT n.nspname AS schema, c.relname AS table, a.attname AS name, a.attnum AS position,
     pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS "notNull",
     pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS expression, a.attgenerated AS generated, a.attidentity AS identity,
     identity."identitySequence", identity."identityStart", identity."identityIncrement", identity."identityMin",
     identity."identityMax", identity."identityCache", identity."identityCycle",
     CASE WHEN identity.persistence <> c.relpersistence THEN
       CASE identity.persistence WHEN 'u' THEN 'UNLOGGED' ELSE 'LOGGED' END END AS "identityPersistence",
     CASE WHEN a.attcollation <> t.typcollation THEN
       (SELECT pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(o.collname) FROM pg_catalog.pg_collation o
        JOIN pg_catalog.pg_namespace cn ON cn.oid = o.collnamespace WHERE o.oid = a.attcollation) END AS collation,
     CASE WHEN a.attstorage <> t.typstorage THEN
       CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END AS storage,
     CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression,
     CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END AS statistics, a.attoptions AS options,
     a.attinhcount > 0 AS inherited, a.attinhcount > 0 AND a.attislocal AS "alsoOwn",
     NOT nn.convalidated AS "notNullNotValid", nn.connoinherit AS "notNullNoInherit", comment.description AS comment
   FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
   JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
   LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum ${commentOn('pg_class', 'a.attrelid', 'a.attnum')}
   LEFT JOIN (SELECT dep.refobjid, dep.refobjsubid,
       pg_catalog.quote_ident(sn.nspname) || '.' || pg_catalog.quote_ident(sc.relname) AS "identitySequence",
       s.seqstart::text AS "identityStart", s.seqincrement::text AS "identityIncrement", s.seqmin::text AS "identityMin",
       s.seqmax::text AS "identityMax", s.seqcache::text AS "identityCache", s.seqcycle AS "identityCycle", sc.relpersistence AS persistence
     FROM pg_catalog.pg_depend dep JOIN pg_catalog.pg_sequence s ON s.seqrelid = dep.objid
     JOIN pg_catalog.pg_class sc ON sc.oid = s.seqrelid JOIN pg_catalog.pg_namespace sn ON sn.oid = sc.relnamespace
     WHERE dep.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND dep.deptype = 'i'
       AND dep.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
     ) identity ON identity.refobjid = a.attrelid AND identity.refobjsubid = a.attnum
   LEFT JOIN pg_catalog.pg_constraint nn ON nn.contype = 'n' AND (nn.connoinherit OR NOT nn.convalidated)
     AND nn.conrelid = a.attrelid AND nn.conkey[1] = a.attnum
   WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND ${userSchema('n')}
     AND ${notOfExtension('pg_class', 'c.oid')}`,
  // Without rest and spread: there are more columns than all else, and these two would cost more than reading them.
  object: (row) => ({
    class: 'column',
    name: qualifiedName([row.schema, row.table, row.name]),
    path: [row.schema, row.table, row.name],
    parent: `table ${qualifiedName([row.schema, row.table])}`,
    position: row.position,
    attributes: facts({
      type: row.type,
      notNull: row.notNull,
      identitySequence: row.identitySequence,
      identityStart: row.identityStart,
      identityIncrement: row.identityIncrement,
      identityMin: row.identityMin,
      identityMax: row.identityMax,
      identityCache: row.identityCache,
      identityCycle: row.identityCycle === true,
      collation: row.collation,
      storage: row.storage,
      compression: row.compression,
      statistics: row.statistics,
      options: row.options,
      identityPersistence: row.identityPersistence,
      inherited: row.inherited,
      alsoOwn: row.alsoOwn,
      notNullNotValid: row.notNullNotValid === true,
      notNullNoInherit: row.notNullNoInherit === true,
      comment: row.comment,
      default: row.generated === '' && row.expression !== null && canonicalExpression(row.expression),
      generated:
        row.generated !== '' &&
        `(${canonicalExpression(row.expression ?? '')}) ${row.generated === 's' ? 'STORED' : 'VIRTUAL'}`,
      identity: row.identity !== '' && (row.identity === 'a' ? 'ALWAYS' : 'BY DEFAULT'),
    }),
  }),
}

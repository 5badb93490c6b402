import { anyMade, commentOn, facts, madeByPeople, notOfExtension, type CatalogQuery } from './catalog-query.ts'

type TransformRow = { name: string; fromSql: string | null; toSql: string | null; comment: string | null }

/** Transforms between a type and a language (pg_transform). */
export const transforms: CatalogQuery<TransformRow> = {
  inUse: anyMade('pg_transform'),
  sql: `SELECT 'FOR ' || pg_catalog.format_type(t.trftype, NULL) || ' LANGUAGE ' || pg_catalog.quote_ident(l.lanname) AS name,
     NULLIF(t.trffromsql::pg_catalog.oid::pg_catalog.regprocedure::text, '-') AS "fromSql",
     NULLIF(t.trftosql::pg_catalog.oid::pg_catalog.regprocedure::text, '-') AS "toSql", comment.description AS comment
   FROM pg_catalog.pg_transform t JOIN pg_catalog.pg_language l ON l.oid = t.trflang ${commentOn('pg_transform', 't.oid')}
   WHERE ${madeByPeople('t.oid')} AND ${notOfExtension('pg_transform', 't.oid')}`,
  object: ({ name, ...row }) => ({ class: 'transform', name, path: [name], attributes: facts(row) }),
}

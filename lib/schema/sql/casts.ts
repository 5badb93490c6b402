import { anyMade, commentOn, facts, madeByPeople, notOfExtension, type CatalogQuery } from './catalog-query.ts'

type CastRow = { name: string; context: string | null; method: string; comment: string | null }

/** Casts (pg_cast), but for those that come with a range type. */
export const casts: CatalogQuery<CastRow> = {
  inUse: anyMade('pg_cast'),
  sql: `SELECT pg_catalog.format_type(c.castsource, NULL) || ' AS ' || pg_catalog.format_type(c.casttarget, NULL) AS name,
     CASE c.castcontext WHEN 'a' THEN 'AS ASSIGNMENT' WHEN 'i' THEN 'AS IMPLICIT' END AS context,
     CASE c.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || c.castfunc::pg_catalog.regprocedure::text WHEN 'i' THEN 'WITH INOUT'
       ELSE 'WITHOUT FUNCTION' END AS method, comment.description AS comment
   FROM pg_catalog.pg_cast c ${commentOn('pg_cast', 'c.oid')}
   WHERE ${madeByPeople('c.oid')} AND ${notOfExtension('pg_cast', 'c.oid')}
     AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_range r WHERE r.rngtypid = c.castsource AND r.rngmultitypid = c.casttarget)`,
  object: ({ name, ...row }) => ({ class: 'cast', name, path: [name], attributes: facts(row) }),
}

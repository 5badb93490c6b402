import { canonicalExpression } from '../canonical-expression.ts'
import { qualifiedName } from '../catalog.ts'
import { anyMade, commentOn, facts, notOfExtension, userSchema, type CatalogQuery } from './catalog-query.ts'

type DomainRow = {
  schema: string
  name: string
  type: string
  notNull: boolean
  default: string | null
  collation: string | null
  constraints: string[]
  constraintComments: string[] | null
  comment: string | null
}

/** Domains with their checks. NOT NULL is read from pg_type: only from 18 on has it a row in pg_constraint as well. */
export const domains: CatalogQuery<DomainRow> = {
  inUse: anyMade('pg_type', `typtype = 'd'`),
  sql: `SELECT n.nspname AS schema, t.typname AS name, pg_catalog.format_type(t.typbasetype, t.typtypmod) AS type,
     t.typnotnull AS "notNull", pg_catalog.pg_get_expr(t.typdefaultbin, 0) AS default, comment.description AS comment,
     (SELECT pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(o.collname) FROM pg_catalog.pg_collation o
        JOIN pg_catalog.pg_namespace cn ON cn.oid = o.collnamespace JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
        WHERE o.oid = t.typcollation AND t.typcollation <> b.typcollation) AS collation,
     ARRAY(SELECT 'CONSTRAINT ' || pg_catalog.quote_ident(k.conname) || ' ' || pg_catalog.pg_get_constraintdef(k.oid)
        FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c' ORDER BY k.conname) AS constraints,
     (SELECT pg_catalog.array_agg(pg_catalog.quote_ident(k.conname) || ': ' || d.description ORDER BY k.conname)
        FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_description d ON d.objoid = k.oid
          AND d.classoid = 'pg_catalog.pg_constraint'::pg_catalog.regclass WHERE k.contypid = t.oid) AS "constraintComments"
   FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace ${commentOn('pg_type', 't.oid')}
   WHERE t.typtype = 'd' AND ${userSchema('n')} AND ${notOfExtension('pg_type', 't.oid')}`,
  object: ({ schema, name, constraints, default: value, ...row }) => ({
    class: 'domain',
    name: qualifiedName([schema, name]),
    path: [schema, name],
    parent: `schema ${qualifiedName([schema])}`,
    attributes: facts({
      ...row,
      default: value !== null && canonicalExpression(value),
      constraints: constraints.length > 0 && constraints.map(canonicalExpression),
    }),
  }),
}

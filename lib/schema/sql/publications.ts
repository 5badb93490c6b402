import { canonicalExpression } from '../canonical-expression.ts'
import { qualifiedName } from '../catalog.ts'
import { anyRow, commentOn, facts, notOfExtension, type CatalogQuery } from './catalog-query.ts'

type PublicationRow = {
  name: string
  allTables: boolean
  tables: string[]
  schemas: string[]
  publish: string[]
  viaRoot: boolean
  generatedColumns: string | null
  comment: string | null
}

/** Publications with their tables, each with the columns and the row filter that it has there. Generated columns: since 18. */
export const publications: CatalogQuery<PublicationRow> = {
  inUse: anyRow('pg_publication'),
  sql: `SELECT p.pubname AS name, p.puballtables AS "allTables", p.pubviaroot AS "viaRoot", comment.description AS comment,
     CASE WHEN pg_catalog.to_jsonb(p) ->> 'pubgencols' <> 'n' THEN 'stored' END AS "generatedColumns",
     ARRAY(SELECT kind.name FROM (VALUES ('insert', p.pubinsert), ('update', p.pubupdate), ('delete', p.pubdelete), ('truncate', p.pubtruncate))
       kind (name, published) WHERE kind.published) AS publish,
     ARRAY(SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
         || COALESCE((SELECT ' (' || pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attname) || ')'
           FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (r.prattrs)), '')
         || COALESCE(' WHERE (' || pg_catalog.pg_get_expr(r.prqual, r.prrelid) || ')', '')
       FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_class c ON c.oid = r.prrelid
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE r.prpubid = p.oid ORDER BY 1) AS tables,
     ARRAY(SELECT pg_catalog.quote_ident(n.nspname) FROM pg_catalog.pg_publication_namespace s
       JOIN pg_catalog.pg_namespace n ON n.oid = s.pnnspid WHERE s.pnpubid = p.oid ORDER BY 1) AS schemas
   FROM pg_catalog.pg_publication p ${commentOn('pg_publication', 'p.oid')} WHERE ${notOfExtension('pg_publication', 'p.oid')}`,
  object: ({ name, tables, schemas, ...row }) => ({
    class: 'publication',
    name: qualifiedName([name]),
    path: [name],
    attributes: facts({
      ...row,
      tables: tables.length > 0 && tables.map(canonicalExpression),
      schemas: schemas.length > 0 && schemas,
    }),
  }),
}

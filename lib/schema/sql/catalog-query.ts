// How one class of objects is read: a statement, and what each of its rows becomes. Text that several statements share.
import type { CatalogObject, Fact } from '../catalog.ts'
import type { Lookup } from './lookup.ts'

/** `Row` is what the statement answers with. */
export type CatalogQuery<Row> = {
  /** Reads pg_catalog only, takes no parameters and runs with `search_path = ''`, so that every name it prints is qualified. */
  sql: string
  /** SQL that is false only where the statement would find nothing: few databases have such objects, and the statement is then not sent. */
  inUse?: string
  /** Undefined for what is left out with the relation that it lives in. */
  object: (row: Row, lookup: Lookup) => CatalogObject | undefined
}

/**
 * How objects are read that several rows make together. `parts`: statements for what only some of the rows have, where a join would cost the
 * server more than finding the row costs here; their rows come after the others. A part that has an `inUse` of its own has no rows where
 * none of these holds; one text in several queries is asked once.
 */
export type CatalogGroupQuery<Row, Parts extends readonly unknown[][] = readonly never[][]> = Omit<
  CatalogQuery<Row>,
  'object'
> & {
  parts?: readonly Part[]
  objects: (rows: Row[], lookup: Lookup, ...parts: Parts) => CatalogObject[]
}

export type Part = string | { sql: string; inUse: readonly string[] }

/** Keeps the facts that say something: null and false are how a default looks. */
export function facts(values: Record<string, Fact | null | false>): Record<string, Fact> {
  const kept: Record<string, Fact> = {}
  // Tens of thousands of rows come this way: no array for each of them.
  for (const name in values) {
    const value = values[name]
    if (value !== undefined && value !== null && value !== false) kept[name] = value
  }
  return kept
}

/** The key of the relation that something lives in. `relkind` as in pg_class (manual, 52.11). */
export function relationKey(relkind: string, name: string): string {
  if (relkind === 'v') return `view ${name}`
  if (relkind === 'f') return `foreign table ${name}`
  return relkind === 'm' ? `materialized view ${name}` : `table ${name}`
}

/** Schemas that people make; names that start with `pg_` are the server's (manual, 5.10.5), temporary ones among them. */
export function userSchema(namespace: string): string {
  return `${namespace}.nspname !~ '^pg_' AND ${namespace}.nspname <> 'information_schema'`
}

/** What an extension brought belongs to the extension. Asked from the extension's side, of which there is little, not for each row. */
export function notOfExtension(catalog: string, oid: string): string {
  return `NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass
    AND e.objid = ${oid} AND e.deptype = 'e' AND e.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass)`
}

/** Joins the comment, as `comment.description`. `column` is SQL for the column number. */
export function commentOn(catalog: string, oid: string, column = '0'): string {
  return `LEFT JOIN pg_catalog.pg_description comment ON comment.classoid = 'pg_catalog.${catalog}'::pg_catalog.regclass
    AND comment.objoid = ${oid} AND comment.objsubid = ${column}`
}

/** The comments on the columns of a relation that has no objects of its own for them: `name: words`. */
export function columnComments(relation: string): string {
  return `(SELECT pg_catalog.array_agg(pg_catalog.quote_ident(ca.attname) || ': ' || cd.description ORDER BY ca.attnum)
     FROM pg_catalog.pg_description cd JOIN pg_catalog.pg_attribute ca ON ca.attrelid = cd.objoid AND ca.attnum = cd.objsubid
     WHERE cd.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND cd.objoid = ${relation} AND cd.objsubid > 0)`
}

/** The function as SQL calls it, null where there is none. */
export function procedureName(column: string): string {
  return `NULLIF(${column}::pg_catalog.regproc::text, '-')`
}

/** For what lives in no schema: object identifiers below are the server's own (access/transam.h, FirstNormalObjectId). */
export function madeByPeople(oid: string): string {
  return `${oid} >= 16384`
}

/** The database that is read, for catalogs of the whole server. */
export const OWN_DATABASE = `(SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())`

/** For `inUse`: whether the catalog has any row at all that people or extensions made, and for which the condition holds. */
export function anyMade(catalog: string, condition = 'true'): string {
  return `EXISTS (SELECT 1 FROM pg_catalog.${catalog} WHERE ${madeByPeople('oid')} AND ${condition})`
}

/** For `inUse`, of a catalog in which the server has no row for which the condition holds. */
export function anyRow(catalog: string, condition = 'true'): string {
  return `EXISTS (SELECT 1 FROM pg_catalog.${catalog} WHERE ${condition})`
}

/** The operators and functions of an operator class or family, as CREATE OPERATOR CLASS writes them (pg_amop, pg_amproc). */
export function operatorMembers(catalog: 'pg_opclass' | 'pg_opfamily', oid: string): string {
  const belongs = (
    member: string,
  ) => `JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.${member}'::pg_catalog.regclass AND d.objid = m.oid
      AND d.refclassid = 'pg_catalog.${catalog}'::pg_catalog.regclass AND d.refobjid = ${oid} AND d.deptype IN ('i', 'a')`
  return `(SELECT pg_catalog.array_agg(member ORDER BY member COLLATE "C") FROM (
     SELECT 'OPERATOR ' || m.amopstrategy || ' ' || m.amopopr::pg_catalog.regoperator::text || COALESCE(' FOR ORDER BY '
       || pg_catalog.quote_ident(sn.nspname) || '.' || pg_catalog.quote_ident(sf.opfname), '') AS member
     FROM pg_catalog.pg_amop m ${belongs('pg_amop')}
     LEFT JOIN pg_catalog.pg_opfamily sf ON sf.oid = m.amopsortfamily LEFT JOIN pg_catalog.pg_namespace sn ON sn.oid = sf.opfnamespace
     UNION ALL SELECT 'FUNCTION ' || m.amprocnum || ' (' || pg_catalog.format_type(m.amproclefttype, NULL) || ', '
       || pg_catalog.format_type(m.amprocrighttype, NULL) || ') ' || m.amproc::pg_catalog.regprocedure::text
     FROM pg_catalog.pg_amproc m ${belongs('pg_amproc')}) part)`
}

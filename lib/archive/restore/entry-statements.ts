// What each entry of an archive asks for, and when: the rules of pg_restore, from PostgreSQL's
// src/bin/pg_dump/pg_backup_archiver.c (_tocEntryRequired, _tocEntryRestorePass, _printTocEntry, _getObjectDescription).
import pg from 'pg'
import type { TocEntry } from '../format/toc-entry.ts'

/**
 * Rights come after the data, which they may forbid to write; views are refreshed with the rights in place (the comment at RestorePass
 * in pg_backup_archiver.h). Event triggers come last of all: pg_restore lets them meddle with the refreshing.
 */
export type RestorePass = 'main' | 'rights' | 'refresh' | 'event-triggers'

export const LATER_PASSES: readonly RestorePass[] = ['rights', 'refresh', 'event-triggers']

export function restorePass(entry: TocEntry): RestorePass {
  if (isRights(entry)) return 'rights'
  if (entry.desc === 'MATERIALIZED VIEW DATA') return 'refresh'
  if (entry.desc === 'EVENT TRIGGER') return 'event-triggers'
  return isRemark(entry) && entry.tag.startsWith('EVENT TRIGGER ') ? 'event-triggers' : 'main'
}

/** Whether anything of the entry is restored. `owners`: also who owns what, and who may do what. */
export function isWanted(entry: TocEntry, owners: boolean): boolean {
  if (['ENCODING', 'STDSTRINGS', 'SEARCHPATH', 'WARNING'].includes(entry.desc)) return false
  // The database is there already, and is not ours to change.
  if (entry.desc === 'DATABASE' || entry.desc === 'DATABASE PROPERTIES') return false
  if ((isRemark(entry) || entry.desc === 'ACL') && entry.tag.startsWith('DATABASE ')) return false
  // Older servers have no functions for these, and ANALYZE makes better ones.
  if (entry.desc === 'STATISTICS DATA') return false
  return owners || !isRights(entry)
}

/**
 * The statements of an entry, in order; each element is sent as one message, and so is one transaction. Empty for an entry that
 * has only data. `entries` are those of the whole archive, by number.
 */
export function entryStatements(
  entry: TocEntry,
  entries: ReadonlyMap<number, TocEntry>,
  options: { owners: boolean },
): string[] {
  const statements = definition(entry, entries)
  if (options.owners) statements.push(...ownership(entry))
  if (entry.relkind === 'p' && entry.tableAm !== '') {
    const method = pg.escapeIdentifier(entry.tableAm)
    statements.push(`ALTER TABLE ${qualified(entry)} SET ACCESS METHOD ${method}`)
  }
  return statements
}

/** `"public"."users"`, as SQL wants it. */
export function qualified(entry: Pick<TocEntry, 'namespace' | 'tag'>): string {
  const name = pg.escapeIdentifier(entry.tag)
  return entry.namespace === '' ? name : `${pg.escapeIdentifier(entry.namespace)}.${name}`
}

/** True where the rows go through the parent table, so that they may land in another partition than they came from. */
export function loadsViaRoot(entry: TocEntry): boolean {
  return entry.defn.startsWith('-- load via partition root ')
}

function definition(entry: TocEntry, entries: ReadonlyMap<number, TocEntry>): string[] {
  if (entry.desc === 'BLOB METADATA') {
    return largeObjects(entry).map((oid) => `SELECT pg_catalog.lo_create('${oid}')`)
  }
  if (entry.desc === 'ACL' && entry.tag.startsWith('LARGE OBJECTS')) return rightsOfEach(entry, entries)
  // Every new database has it, also where the archive's was dropped and made again by its owner.
  if (entry.desc === 'SCHEMA' && entry.tag === 'public') return ['CREATE SCHEMA IF NOT EXISTS public']
  if (entry.desc === 'SCHEMA' && !entry.defn.startsWith('--'))
    return [`CREATE SCHEMA ${pg.escapeIdentifier(entry.tag)}`]
  return entry.defn === '' || loadsViaRoot(entry) ? [] : [entry.defn]
}

/** The large objects of a group are one a line. */
function largeObjects(entry: TocEntry): string[] {
  return entry.defn.split('\n').filter((line) => /^\d+$/.test(line))
}

/** The rights of a group of large objects are written down for one of them (IssueACLPerBlob in pg_backup_db.c). */
function rightsOfEach(entry: TocEntry, entries: ReadonlyMap<number, TocEntry>): string[] {
  const group = entries.get(entry.dependencies[0] ?? 0)
  if (group === undefined) return []
  return largeObjects(group).map((oid) =>
    entry.defn.replaceAll(/"(?:[^"]|"")*"|\bLARGE OBJECT \d+/g, (found) =>
      found.startsWith('"') ? found : `LARGE OBJECT ${oid}`,
    ),
  )
}

/** Kinds that `ALTER kind name OWNER TO` names as they are. */
const OWNED_BY_NAME = new Set([
  'COLLATION',
  'CONVERSION',
  'DOMAIN',
  'EVENT TRIGGER',
  'FOREIGN DATA WRAPPER',
  'FOREIGN TABLE',
  'MATERIALIZED VIEW',
  'PROCEDURAL LANGUAGE',
  'PUBLICATION',
  'SCHEMA',
  'SEQUENCE',
  'SERVER',
  'STATISTICS',
  'SUBSCRIPTION',
  'TABLE',
  'TEXT SEARCH CONFIGURATION',
  'TEXT SEARCH DICTIONARY',
  'TYPE',
  'VIEW',
])

/** Kinds whose arguments are part of the name: the statement that drops them has both. */
const OWNED_BY_SIGNATURE = new Set([
  'AGGREGATE',
  'FUNCTION',
  'OPERATOR',
  'OPERATOR CLASS',
  'OPERATOR FAMILY',
  'PROCEDURE',
])

function ownership(entry: TocEntry): string[] {
  if (entry.owner === '' || entry.dropStmt === '') return []
  const owner = pg.escapeIdentifier(entry.owner)
  const alter = (what: string) => `ALTER ${what} OWNER TO ${owner}`
  if (OWNED_BY_NAME.has(entry.desc)) return [alter(`${entry.desc} ${qualified(entry)}`)]
  if (OWNED_BY_SIGNATURE.has(entry.desc)) return [alter(entry.dropStmt.replace(/^DROP /, '').replace(/[;\n]+$/, ''))]
  if (entry.desc === 'BLOB') return [alter(`LARGE OBJECT ${entry.tag}`)]
  if (entry.desc === 'BLOB METADATA') return largeObjects(entry).map((oid) => alter(`LARGE OBJECT ${oid}`))
  return []
}

export function isRights(entry: TocEntry): boolean {
  return entry.desc === 'ACL' || entry.desc === 'DEFAULT ACL'
}

export function isRemark(entry: TocEntry): boolean {
  return entry.desc === 'COMMENT' || entry.desc === 'SECURITY LABEL'
}

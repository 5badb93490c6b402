// What the head of a custom-format archive says. Names as in PostgreSQL's src/bin/pg_dump/pg_backup_archiver.h.

export type ArchiveHeader = {
  /** Of the format, such as `1.16`. */
  version: string
  compression: 'none' | 'gzip' | 'lz4' | 'zstd'
  database: string
  /** Of the dumped server, in its own words: `15.18 (Debian 15.18-0+deb12u1)`. */
  serverVersion: string
  /** Of pg_dump. */
  dumpVersion: string
}

export type Section = 'none' | 'pre-data' | 'data' | 'post-data'

/** One object of the database. Texts that pg_dump left out are empty. */
export type TocEntry = {
  dumpId: number
  /** True when a data block belongs to it. */
  hadDumper: boolean
  oid: number
  /** The object's name, not quoted. */
  tag: string
  /** What it is: `TABLE`, `TABLE DATA`, `FK CONSTRAINT` … */
  desc: string
  section: Section
  defn: string
  dropStmt: string
  copyStmt: string
  namespace: string
  tablespace: string
  tableAm: string
  /** A letter of pg_class.relkind; empty before format 1.16 and for what is not a table. */
  relkind: string
  owner: string
  dependencies: number[]
  /** Where its block is; null where pg_dump could not seek back to write it down. */
  dataOffset: number | null
}

/** The entry as a person reads it: `TABLE DATA public.users`. */
export function describeEntry(entry: Pick<TocEntry, 'desc' | 'namespace' | 'tag'>): string {
  return `${entry.desc} ${qualifiedName(entry)}`
}

/** `public.users`: for people and manifests, not for SQL. */
export function qualifiedName(entry: Pick<TocEntry, 'namespace' | 'tag'>): string {
  return entry.namespace === '' ? entry.tag : `${entry.namespace}.${entry.tag}`
}

/** True for the rows of a table, kept as COPY text. */
export function isTableData(entry: TocEntry): boolean {
  return entry.hadDumper && entry.desc === 'TABLE DATA' && entry.copyStmt !== ''
}

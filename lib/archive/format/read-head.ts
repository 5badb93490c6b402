// Header and table of contents of a custom-format archive, as ReadHead, ReadToc, ReadInt, ReadStr and ReadOffset read
// them in PostgreSQL's src/bin/pg_dump/pg_backup_archiver.c. Stricter than those: what pg_dump never writes is refused.
import type { ByteReader, Reading } from './byte-reader.ts'
import type { ArchiveHeader, Section, TocEntry } from './toc-entry.ts'

export type Head = { header: ArchiveHeader; entries: TocEntry[] }

/** No definition comes near it; a nonsense length does. */
const LONGEST_STRING = 64 * 1024 * 1024
const MOST_ENTRIES = 50_000_000

const FORMATS = ['1.14', '1.15', '1.16']
const ARCH_CUSTOM = 1
const COMPRESSIONS = ['none', 'gzip', 'lz4', 'zstd'] as const
const SECTIONS: Record<number, Section> = { 1: 'none', 2: 'pre-data', 3: 'data', 4: 'post-data' }

/** The width of an int after its sign byte, and of an offset after its flag. Both are fixed on every platform in use. */
const INT_BYTES = 4
const OFFSET_BYTES = 8

const OFFSET_NOT_SET = 1
const OFFSET_SET = 2
const OFFSET_NO_DATA = 3

export function* readHead(reader: ByteReader): Reading<Head> {
  const { header, minor } = yield* readHeader(reader)
  const at = reader.offset
  const count = yield* readInt(reader)
  if (count < 0 || count > MOST_ENTRIES) throw reader.corrupt(`${count} entries in the table of contents`, at)
  const entries: TocEntry[] = []
  const seen = new Set<number>()
  for (let index = 0; index < count; index++) {
    const start = reader.offset
    const entry = yield* readEntry(reader, minor)
    if (seen.has(entry.dumpId)) throw reader.corrupt(`two entries with the number ${entry.dumpId}`, start)
    seen.add(entry.dumpId)
    entries.push(entry)
  }
  return { header, entries }
}

function* readHeader(reader: ByteReader): Reading<{ header: ArchiveHeader; minor: number }> {
  const start = yield* reader.take(11)
  if (start.toString('latin1', 0, 5) !== 'PGDMP') throw reader.corrupt('no PGDMP', 0)
  const [major = 0, minor = 0, , intBytes, offsetBytes, format] = start.subarray(5)
  const version = `${major}.${minor}`
  if (!FORMATS.includes(version)) {
    throw reader.corrupt(`format ${version}, but only ${FORMATS.join(', ')} are known,`, 5)
  }
  if (intBytes !== INT_BYTES || offsetBytes !== OFFSET_BYTES) throw reader.corrupt('unknown sizes of numbers', 8)
  if (format !== ARCH_CUSTOM) throw reader.corrupt('not the custom format (-Fc)', 10)
  const compression = yield* readCompression(reader, minor)
  // Seconds, minutes, hours, day, month, year, daylight saving: in pg_dump's own time zone, which it does not say.
  for (let field = 0; field < 7; field++) yield* readInt(reader)
  const database = yield* readString(reader)
  const serverVersion = yield* readString(reader)
  const dumpVersion = yield* readString(reader)
  return { header: { version, compression, database, serverVersion, dumpVersion }, minor }
}

function* readCompression(reader: ByteReader, minor: number): Reading<ArchiveHeader['compression']> {
  const at = reader.offset
  if (minor < 15) return (yield* readInt(reader)) === 0 ? 'none' : 'gzip'
  const compression = COMPRESSIONS[yield* reader.byte()]
  if (compression === undefined) throw reader.corrupt('unknown compression', at)
  return compression
}

function* readEntry(reader: ByteReader, minor: number): Reading<TocEntry> {
  const start = reader.offset
  const dumpId = yield* readInt(reader)
  if (dumpId <= 0) throw reader.corrupt(`entry number ${dumpId}`, start)
  const hadDumper = yield* readFlag(reader)
  yield* readNumber(reader)
  const oid = yield* readNumber(reader)
  const tag = yield* readString(reader)
  const desc = yield* readString(reader)
  const section = SECTIONS[yield* readInt(reader)]
  if (section === undefined) throw reader.corrupt('unknown section', start)
  const defn = yield* readString(reader)
  const dropStmt = yield* readString(reader)
  const copyStmt = yield* readString(reader)
  const namespace = yield* readString(reader)
  const tablespace = yield* readString(reader)
  const tableAm = yield* readString(reader)
  const relkind = minor >= 16 ? yield* readInt(reader) : 0
  if (relkind < 0 || relkind > 127) throw reader.corrupt('unknown kind of relation', start)
  const owner = yield* readString(reader)
  if ((yield* readString(reader)) !== 'false') throw reader.corrupt('a table WITH OIDS', start)
  const dependencies = yield* readDependencies(reader)
  const dataOffset = yield* readOffset(reader, hadDumper)
  return {
    dumpId,
    hadDumper,
    oid,
    tag,
    desc,
    section,
    defn,
    dropStmt,
    copyStmt,
    namespace,
    tablespace,
    tableAm,
    relkind: relkind === 0 ? '' : String.fromCharCode(relkind),
    owner,
    dependencies,
    dataOffset,
  }
}

function* readDependencies(reader: ByteReader): Reading<number[]> {
  const dependencies: number[] = []
  for (;;) {
    const at = reader.offset
    const text = yield* readStringOrNull(reader)
    if (text === null) return dependencies
    if (!/^\d{1,10}$/.test(text)) throw reader.corrupt('a dependency that is not a number', at)
    dependencies.push(Number(text))
  }
}

function* readOffset(reader: ByteReader, hadDumper: boolean): Reading<number | null> {
  const at = reader.offset
  const flag = yield* reader.byte()
  const offset = Number((yield* reader.take(OFFSET_BYTES)).readBigUInt64LE())
  if (![OFFSET_NOT_SET, OFFSET_SET, OFFSET_NO_DATA].includes(flag)) throw reader.corrupt('unknown offset flag', at)
  if ((flag === OFFSET_NO_DATA) === hadDumper) throw reader.corrupt('an offset that contradicts its entry', at)
  return flag === OFFSET_SET ? offset : null
}

/** A sign byte, then four bytes, the smallest first. */
export function* readInt(reader: ByteReader): Reading<number> {
  const at = reader.offset
  const bytes = yield* reader.take(1 + INT_BYTES)
  return decodeInt(reader, bytes, 0, at)
}

export function decodeInt(reader: ByteReader, bytes: Buffer, position: number, at: number): number {
  const sign = bytes[position]
  const value = bytes.readUInt32LE(position + 1)
  if (sign === 0) return value
  if (sign !== 1 || value === 0) throw reader.corrupt('not a number', at)
  return -value
}

function* readFlag(reader: ByteReader): Reading<boolean> {
  const at = reader.offset
  const value = yield* readInt(reader)
  if (value !== 0 && value !== 1) throw reader.corrupt('neither yes nor no', at)
  return value === 1
}

/** An oid, which is kept as text. */
function* readNumber(reader: ByteReader): Reading<number> {
  const at = reader.offset
  const text = yield* readString(reader)
  if (!/^\d{1,10}$/.test(text)) throw reader.corrupt('an oid that is not a number', at)
  return Number(text)
}

function* readString(reader: ByteReader): Reading<string> {
  return (yield* readStringOrNull(reader)) ?? ''
}

function* readStringOrNull(reader: ByteReader): Reading<string | null> {
  const at = reader.offset
  const length = yield* readInt(reader)
  if (length === -1) return null
  if (length < 0 || length > LONGEST_STRING) throw reader.corrupt(`a text of ${length} bytes`, at)
  return (yield* reader.take(length)).toString('utf8')
}

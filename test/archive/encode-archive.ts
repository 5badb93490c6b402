// Archives made by hand, in any format version, right or wrong in one place: what pg_dump would write, byte for byte.

export type EncodedEntry = {
  dumpId: number
  desc: string
  tag: string
  namespace?: string
  section?: number
  defn?: string
  copyStmt?: string
  /** Pieces of its data; for BLOBS, of each large object by oid. */
  data?: string[] | Map<number, string[]>
  dependencies?: number[]
}

export type EncodeOptions = {
  minor?: 14 | 15 | 16
  /** Writes the offsets of the blocks down, as pg_dump does where it can seek. */
  offsets?: boolean
  /** The compression that the head claims. */
  compression?: number
}

export const COPY_END = '\\.\n\n\n'

/** Two tables with rows, an empty one, a sequence and a large object. */
export const SAMPLE: EncodedEntry[] = [
  { dumpId: 1, desc: 'ENCODING', tag: 'ENCODING', section: 2, defn: "SET client_encoding = 'UTF8';\n" },
  { dumpId: 2, desc: 'STDSTRINGS', tag: 'STDSTRINGS', section: 2, defn: "SET standard_conforming_strings = 'on';\n" },
  {
    dumpId: 3,
    desc: 'TABLE',
    tag: 'users',
    namespace: 'public',
    section: 2,
    defn: 'CREATE TABLE public.users (name text);\n',
  },
  tableData(4, 'users', ['anna\n', 'ümit\n', '\\N\n']),
  tableData(5, 'empty', []),
  tableData(
    6,
    'orders',
    Array.from({ length: 300 }, (_, id) => `${id}\ta line of order ${id * 7919}\n`),
  ),
  { dumpId: 7, desc: 'SEQUENCE SET', tag: 'orders_id_seq', namespace: 'public', section: 3, defn: 'SELECT 1;\n' },
  { dumpId: 8, desc: 'BLOBS', tag: 'BLOBS', section: 3, data: new Map([[3_000_000_000, ['large ', 'object']], [17, []]]) }, // prettier-ignore
]

export function tableData(dumpId: number, table: string, rows: string[], end = COPY_END): EncodedEntry {
  const copyStmt = `COPY public.${table} (name) FROM stdin;\n`
  return { dumpId, desc: 'TABLE DATA', tag: table, namespace: 'public', copyStmt, data: [...rows, end] }
}

export function encodeArchive(entries: readonly EncodedEntry[] = SAMPLE, options: EncodeOptions = {}): Buffer {
  const { minor = 16, offsets = false } = options
  const headLength = encodeHead(entries, options, new Map()).length
  const places = new Map<number, number>()
  let position = headLength
  const blocks = entries.flatMap((entry) => {
    if (entry.data === undefined) return []
    const block = encodeBlock(entry)
    places.set(entry.dumpId, position)
    position += block.length
    return [block]
  })
  const head = encodeHead(entries, { ...options, minor }, offsets ? places : new Map())
  return Buffer.concat([head, ...blocks])
}

/** A sign byte and four bytes, the smallest first. */
export function int(value: number): Buffer {
  const bytes = Buffer.alloc(5)
  bytes[0] = value < 0 ? 1 : 0
  bytes.writeUInt32LE(Math.abs(value), 1)
  return bytes
}

function encodeHead(entries: readonly EncodedEntry[], options: EncodeOptions, places: Map<number, number>): Buffer {
  const { minor = 16, compression = 0 } = options
  return Buffer.concat([
    Buffer.from('PGDMP'),
    Buffer.from([1, minor, 0, 4, 8, 1]),
    minor < 15 ? int(compression) : Buffer.from([compression]),
    ...[5, 4, 3, 2, 0, 126, 0].map(int),
    ...['app', '18.4', '18.3'].map(text),
    int(entries.length),
    ...entries.map((entry) => encodeEntry(entry, minor, places.get(entry.dumpId))),
  ])
}

function encodeEntry(entry: EncodedEntry, minor: number, place: number | undefined): Buffer {
  const offset = Buffer.alloc(9)
  offset[0] = entry.data === undefined ? 3 : place === undefined ? 1 : 2
  offset.writeBigUInt64LE(BigInt(place ?? 0), 1)
  return Buffer.concat([
    int(entry.dumpId),
    int(entry.data === undefined ? 0 : 1),
    ...['1259', '16384', entry.tag, entry.desc].map(text),
    int(entry.section ?? 3),
    ...[entry.defn, undefined, entry.copyStmt, entry.namespace, undefined, undefined].map(text),
    ...(minor >= 16 ? [int(0)] : []),
    ...['owner', 'false', ...(entry.dependencies ?? []).map(String), undefined].map(text),
    offset,
  ])
}

function encodeBlock(entry: EncodedEntry): Buffer {
  const { data = [] } = entry
  const start = [Buffer.from([data instanceof Map ? 3 : 1]), int(entry.dumpId)]
  if (!(data instanceof Map)) return Buffer.concat([...start, pieces(data)])
  // WriteInt takes an oid for a signed int.
  const objects = [...data].flatMap(([oid, parts]) => [int(oid | 0), pieces(parts)])
  return Buffer.concat([...start, ...objects, int(0)])
}

function pieces(parts: readonly string[]): Buffer {
  return Buffer.concat([...parts.map(text), int(0)])
}

function text(value: string | undefined): Buffer {
  if (value === undefined) return int(-1)
  const bytes = Buffer.from(value)
  return Buffer.concat([int(bytes.length), bytes])
}

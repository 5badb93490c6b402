import { expect, test } from 'vitest'
import { ArchiveParser } from '../../../lib/archive/format/archive-parser.ts'
import { ArchiveInspector } from '../../../lib/archive/format/table-rows.ts'
import { encodeArchive, int, SAMPLE, tableData, type EncodedEntry } from '../encode-archive.ts'

function inspect(archive: Buffer, step = 1 << 16) {
  const boundaries: number[] = []
  const inspector = new ArchiveInspector((offset) => boundaries.push(offset))
  for (let offset = 0; offset < archive.length; offset += step) inspector.feed(archive.subarray(offset, offset + step))
  return { ...inspector.end(), boundaries }
}

function refusal(archive: Buffer, step?: number): unknown {
  try {
    return inspect(archive, step)
  } catch (error) {
    return error
  }
}

const withEntry = (more: Partial<EncodedEntry>) => [
  ...SAMPLE.slice(0, 3),
  { ...tableData(4, 'users', ['a\n']), ...more },
]

test.each([14, 15, 16] as const)('format 1.%i: header, entries, rows, blocks, in chunks of any size', (minor) => {
  const archive = encodeArchive(SAMPLE, { minor })
  const whole = inspect(archive)
  expect(whole.head.header).toEqual({
    version: `1.${minor}`,
    compression: 'none',
    database: 'app',
    serverVersion: '18.4',
    dumpVersion: '18.3',
  })
  expect(whole.head.entries.map(({ desc, tag }) => `${desc} ${tag}`)).toEqual(SAMPLE.map((e) => `${e.desc} ${e.tag}`))
  expect(whole.head.entries[2]).toMatchObject({
    section: 'pre-data',
    namespace: 'public',
    oid: 16384,
    hadDumper: false,
  })
  expect(whole.tables.map(({ name, rows }) => `${name} ${rows}`)).toEqual([
    'public.users 3',
    'public.empty 0',
    'public.orders 300',
  ])
  expect(whole.largeObjects).toBe(2)
  expect(whole.boundaries.at(-1)).toBe(archive.length)
  const start = whole.tables[0]?.raw.start ?? 0
  expect(archive.subarray(start, start + 6)).toEqual(Buffer.concat([Buffer.from([1]), int(4)]))
  for (const step of [1, 2, 7, 100]) expect(inspect(archive, step)).toEqual(whole)
})

test('offsets in the table of contents are taken, and must be right', () => {
  const archive = encodeArchive(SAMPLE, { offsets: true })
  const start = inspect(archive).tables[0]?.raw.start ?? 0
  expect(inspect(archive).head.entries[3]?.dataOffset).toBe(start)
  const place = Buffer.alloc(8)
  place.writeBigUInt64LE(BigInt(start))
  const wrong = Buffer.from(archive)
  wrong[wrong.indexOf(place)] = (place[0] as number) ^ 1
  expect(refusal(wrong)).toMatchObject({ code: 'archive.corrupt', message: expect.stringContaining('users, due at') })
})

test('what a large object is told about: its oid, also one over 2^31', () => {
  const oids: number[] = []
  const parser = new ArchiveParser({ largeObject: (_, oid) => oids.push(oid) })
  parser.feed(encodeArchive())
  parser.end()
  expect(oids).toEqual([3_000_000_000, 17])
})

test('an archive cut at any byte is refused, with the place', () => {
  const archive = encodeArchive()
  for (let length = 0; length < archive.length; length++) {
    const error = refusal(archive.subarray(0, length))
    expect(error).toMatchObject({ code: 'archive.corrupt', message: expect.stringMatching(/breaks off.* at byte \d+/) })
  }
})

test('bytes after the end are refused', () => {
  for (const rest of [Buffer.from([0]), Buffer.from('PGDMP'), encodeArchive()]) {
    expect(refusal(Buffer.concat([encodeArchive(), rest]))).toMatchObject({ code: 'archive.corrupt' })
  }
})

test('a flipped bit in what holds the rows together is refused', () => {
  const archive = encodeArchive()
  const start = inspect(archive).tables[0]?.raw.start ?? 0
  // Type, number of the entry, length of the first piece: 11 bytes; and the magic, version and sizes at the front.
  for (const byte of [...Array.from({ length: 11 }, (_, i) => start + i), 0, 4, 5, 8, 9, 10, 11]) {
    for (let bit = 0; bit < 8; bit++) {
      const flipped = Buffer.from(archive)
      flipped[byte] = (flipped[byte] as number) ^ (1 << bit)
      expect(refusal(flipped), `byte ${byte} bit ${bit}`).toMatchObject({ code: 'archive.corrupt' })
    }
  }
})

const replaced = (archive: Buffer, found: Buffer, replacement: Buffer) => {
  const at = archive.indexOf(found)
  if (at < 0) throw new Error('not found')
  return Buffer.concat([archive.subarray(0, at), replacement, archive.subarray(at + found.length)])
}
const named = (tag: string) => Buffer.concat([int(Buffer.byteLength(tag)), Buffer.from(tag)])

test.each([
  ['no archive at all', Buffer.from('<!doctype html> not found'), 'no PGDMP'],
  ['plain SQL', Buffer.from('--\n-- PostgreSQL database dump\n--\n'), 'no PGDMP'],
  [
    'an unknown format version',
    replaced(encodeArchive(), Buffer.from([1, 16, 0]), Buffer.from([1, 17, 0])),
    'format 1.17',
  ],
  ['another format', replaced(encodeArchive(), Buffer.from([4, 8, 1]), Buffer.from([4, 8, 3])), 'custom format'],
  ['compressed by pg_dump', encodeArchive(SAMPLE, { compression: 1 }), 'compressed'],
  ['compressed by an old pg_dump', encodeArchive(SAMPLE, { compression: -1, minor: 14 }), 'compressed'],
  ['a text of 2 GB', replaced(encodeArchive(), named('users'), int(0x7fffffff)), 'a text of 2147483647 bytes'],
  ['a text of less than no length', replaced(encodeArchive(), named('users'), int(-7)), 'a text of -7 bytes'],
  [
    'a piece of 4 GB',
    replaced(encodeArchive(), named('anna\n'), int(-5)),
    'a piece of -5 bytes in TABLE DATA public.users',
  ],
  ['a billion entries', replaced(encodeArchive(), int(SAMPLE.length), int(1e9)), '1000000000 entries'],
  ['an entry twice', encodeArchive([...SAMPLE, ...SAMPLE.slice(-1)]), 'two entries with the number 8'],
  ['an entry number 0', encodeArchive(withEntry({ dumpId: 0 })), 'entry number 0'],
  ['an unknown section', encodeArchive(withEntry({ section: 9 })), 'unknown section'],
  ['rows without their end mark', encodeArchive([tableData(4, 'users', ['a\n'], '')]), 'lacks its end mark'],
  ['rows with half of it', encodeArchive([tableData(4, 'users', ['a\n'], '\\.\n\n')]), 'lacks its end mark'],
])('%s is refused', (_, archive, words) => {
  for (const step of [1, 1 << 16]) {
    expect(refusal(archive, step)).toMatchObject({ code: 'archive.corrupt', message: expect.stringContaining(words) })
  }
})

test('a lie about a length costs no memory', () => {
  const before = process.memoryUsage().arrayBuffers
  const parser = new ArchiveParser({})
  const archive = replaced(encodeArchive(), named('users'), int(60_000_000))
  parser.feed(archive)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000)
  expect(() => parser.end()).toThrow('breaks off')
})

test('a parser that refused goes on refusing', () => {
  const parser = new ArchiveParser({})
  expect(() => parser.feed(Buffer.from('nonsense nonsense'))).toThrow('no PGDMP')
  expect(() => parser.feed(encodeArchive())).toThrow('no PGDMP')
  expect(() => parser.end()).toThrow('no PGDMP')
})

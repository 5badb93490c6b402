import { createHash } from 'node:crypto'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { packFiles, unpackFiles, type FolderFile } from '../../../lib/ledger/published/pack-files.ts'

const FILES: FolderFile[] = [
  { path: 'meta/_journal.json', bytes: Buffer.from('{}') },
  { path: '0000_a.sql', bytes: Buffer.from('SELECT 1;\r\nSELECT 2;\n') },
  // A byte order mark, and bytes that are no UTF-8.
  { path: '0001_b.sql', bytes: Buffer.from('\uFEFFSELECT 3;') },
  { path: '0002_c.sql', bytes: Buffer.from([0x2d, 0x2d, 0xff, 0xfe, 0x0a]) },
]

/** What somebody else might have put there, with a hash that fits. */
function forged(document: unknown): { packed: Buffer; sha256: string } {
  const text = JSON.stringify(document)
  return { packed: zstdCompressSync(text), sha256: createHash('sha256').update(text).digest('hex') }
}

const unpack = ({ packed, sha256 }: { packed: Buffer; sha256: string }) => unpackFiles(packed, sha256, 'here')

test('every byte comes back, in whatever order the files were given', () => {
  const packed = packFiles(FILES)
  expect(packFiles(FILES.toReversed())).toEqual(packed)
  const sorted = FILES.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  expect(unpack(packed)).toEqual(sorted)
})

test('other bytes are another hash, be it a line ending', () => {
  const [first, ...rest] = FILES.toReversed()
  if (first === undefined) throw new Error('there are files')
  const changed = packFiles([{ ...first, bytes: Buffer.concat([first.bytes, Buffer.from('\r')]) }, ...rest])
  expect(changed.sha256).not.toBe(packFiles(FILES).sha256)
})

describe('what is not what was packed is refused by name', () => {
  const whole = packFiles(FILES)

  test.each([
    ['cut', whole.packed.subarray(0, -5)],
    ['empty', Buffer.alloc(0)],
    ['a flipped bit', Buffer.from(whole.packed).fill(whole.packed[20]! ^ 1, 20, 21)],
    ['no frame', Buffer.from('nonsense')],
    ['another folder', packFiles(FILES.slice(1)).packed],
  ])('%s', (_, packed) => {
    expect(() => unpackFiles(packed, whole.sha256, 's3://b/k')).toThrow(
      expect.objectContaining({
        code: 'store.corrupt',
        message: expect.stringContaining('s3://b/k') as string,
      }) as Error,
    )
  })

  test('a frame that would fill the memory is not unpacked', () => {
    const bomb = zstdCompressSync(Buffer.alloc(200 * 2 ** 20))
    expect(bomb.length).toBeLessThan(100_000)
    expect(() => unpackFiles(bomb, whole.sha256, 'here')).toThrow(/is damaged: Cannot create a Buffer larger/)
  })

  test.each([
    '../evil.sql',
    '..\\evil.sql',
    '/etc/evil.sql',
    'meta/../../evil.sql',
    'a/b/c.sql',
    'meta/.sql/x.json',
    './x.sql',
    'c:evil.sql',
    'nul\0.sql',
    'evil.sh',
    '',
  ])('the path %j', (path) => {
    expect(() => unpack(forged({ format: 1, files: [{ path, text: '' }] }))).toThrow(/is damaged: it holds/)
    expect(() => packFiles([{ path, bytes: Buffer.alloc(0) }])).toThrow(/cannot be published under that name/)
  })

  test.each([
    [
      'the same path twice',
      {
        format: 1,
        files: [
          { path: 'a.sql', text: '' },
          { path: 'a.sql', text: '' },
        ],
      },
    ],
    ['another format', { format: 2, files: [] }],
    ['no files', { format: 1 }],
    ['no document', 'x'],
  ])('%s', (_, document) => {
    expect(() => unpack(forged(document))).toThrow(/is damaged/)
  })
})

test('the text is JSON, so that a person can read what was published', () => {
  expect(JSON.parse(zstdDecompressSync(packFiles(FILES).packed).toString())).toMatchObject({
    format: 1,
    files: [{ path: '0000_a.sql', text: 'SELECT 1;\r\nSELECT 2;\n' }, {}, { base64: 'LS3//go=' }, {}],
  })
})

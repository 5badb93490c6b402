import { expect, test } from 'vitest'
import { CopyTap } from '../../../lib/archive/engine/copy-tap.ts'

function message(type: string, body: string): Buffer {
  const head = Buffer.alloc(5, type, 'latin1')
  head.writeUInt32BE(4 + Buffer.byteLength(body), 1)
  return Buffer.concat([head, Buffer.from(body)])
}

/** What pg_dump writes for a row. */
function piece(row: string): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt32LE(Buffer.byteLength(row), 1)
  return Buffer.concat([head, Buffer.from(row)])
}

const LONG = `${'ümit\t'.repeat(30_000)}\n`
const BEGIN = message('H', '\0\0\x01\0\0')
const END = Buffer.concat([message('c', ''), message('C', 'COPY 3\0'), message('Z', 'I')])
const QUERY = Buffer.concat([message('T', 'a row description'), message('D', 'd, H and c in a row'), message('Z', 'T')])
const NOTICE = message('N', 'SNOTICE\0Mhello\0\0')

/** Puts all of it through in chunks of that size: the pieces, joined where they are of one kind. */
function tapped(bytes: Buffer, size: number): [string, string][] {
  const tap = new CopyTap()
  const joined: [string, Buffer[]][] = []
  for (let at = 0; at < bytes.length; at += size) {
    for (const each of tap.push(Buffer.from(bytes.subarray(at, at + size)))) {
      const last = joined.at(-1)
      const part = each.kind === 'copy-begins' ? Buffer.alloc(0) : Buffer.from(each.bytes)
      if (last?.[0] === each.kind) last[1].push(part)
      else joined.push([each.kind, [part]])
    }
  }
  return joined.map(([kind, parts]) => [kind, Buffer.concat(parts).toString('latin1')])
}

const text = (...parts: Buffer[]) => Buffer.concat(parts).toString('latin1')

test.each([1, 2, 3, 5, 7, 64, 65_536, 1_000_000])('in chunks of %i bytes: rows here, all else there', (size) => {
  const rows = ['1\tanna\n', LONG, '\n']
  const sent = Buffer.concat([QUERY, BEGIN, ...rows.map((row) => message('d', row)), END, QUERY, BEGIN, END])
  expect(tapped(sent, size)).toEqual([
    ['message', text(QUERY, BEGIN)],
    ['copy-begins', ''],
    ['rows', text(...rows.map(piece))],
    ['message', text(END, QUERY, BEGIN)],
    ['copy-begins', ''],
    ['message', text(END)],
  ])
})

test.each([1, 1_000])(
  'chunks of %i: a notice among the rows is for libpq, and rows go on; an error ends them',
  (size) => {
    const error = message('E', 'SERROR\0C57014\0Mcanceling\0\0')
    const sent = Buffer.concat([BEGIN, message('d', 'a\n'), NOTICE, message('d', 'b\n'), error, message('d', 'c\n')])
    expect(tapped(sent, size)).toEqual([
      ['message', text(BEGIN)],
      ['copy-begins', ''],
      ['rows', text(piece('a\n'))],
      ['message', text(NOTICE)],
      ['rows', text(piece('b\n'))],
      ['message', text(error, message('d', 'c\n'))],
    ])
  },
)

test('an empty row message leaves no piece: that would end the block', () => {
  const sent = Buffer.concat([BEGIN, message('d', 'a\n'), message('d', ''), message('d', 'b\n'), END])
  expect(tapped(sent, 4)[2]).toEqual(['rows', text(piece('a\n'), piece('b\n'))])
})

test('what is no message goes to libpq, every byte, whatever follows', () => {
  const garbled = Buffer.concat([BEGIN, message('d', 'a\n'), Buffer.from([0x91, 1, 2, 3, 4]), message('d', 'b\n')])
  expect(tapped(garbled, 3).at(-1)).toEqual(['message', text(garbled.subarray(BEGIN.length + 7))])
  const short = Buffer.from('HTT')
  expect(tapped(short, 8)).toEqual([['message', 'HTT']])
})

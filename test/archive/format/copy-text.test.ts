import { expect, test } from 'vitest'
import { COPY_END, RowCounter } from '../../../lib/archive/format/copy-text.ts'

/** Every byte value, and newlines beside what differs from them in one bit. */
const BYTES = Buffer.from([
  ...Array.from({ length: 256 }, (_, byte) => byte),
  0x0a,
  0x0b,
  0x0a,
  0x08,
  0x8a,
  0x0a,
  0x0a,
  0x0a,
  0x0a,
  0x00,
  0x2a,
  0x0a,
  0x4a,
  0x09,
  0x0a, // prettier-ignore
])

const plain = (bytes: Buffer) => [...bytes].filter((byte) => byte === 0x0a).length

test('newlines are counted wherever they lie in a word, in a chunk and in memory', () => {
  for (let offset = 0; offset < 8; offset++) {
    const memory = Buffer.concat([Buffer.alloc(offset, 0x0a), BYTES, COPY_END])
    const chunk = memory.subarray(offset)
    for (let start = 0; start < 12; start++) {
      for (const cut of [start, start + 1, 100, 257, 260, BYTES.length]) {
        const counter = new RowCounter()
        counter.add(chunk, start, cut)
        counter.add(chunk, cut, chunk.length)
        expect(counter.rows()).toBe(plain(chunk.subarray(start)) - 3)
      }
    }
  }
})

test('without the end mark nobody knows the rows', () => {
  const counter = new RowCounter()
  counter.add(Buffer.from('a\nb\n'), 0, 4)
  expect(counter.rows()).toBeNull()
  for (const byte of COPY_END) counter.add(Buffer.from([byte]), 0, 1)
  expect(counter.rows()).toBe(2)
})

test.each(['any', 'one'] as const)('rows in pieces of their own, cut anywhere, are as many: pieces %s', (pieces) => {
  const rows = [...['', '1', '1\tanna', '2\tb\\n', 'long '.repeat(10)].map((row) => `${row}\n`), COPY_END.toString()]
  for (let cut = 0; cut < 56; cut++) {
    const counter = new RowCounter(pieces)
    for (const chunk of rows.map((row) => Buffer.from(row))) {
      const first = Math.min(cut, chunk.length)
      if (first > 0) counter.add(chunk, 0, first)
      if (first < chunk.length) counter.add(chunk, first, chunk.length)
    }
    expect(counter.rows()).toBe(5)
  }
})

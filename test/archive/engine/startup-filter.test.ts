import { expect, test } from 'vitest'
import { startupFilter } from '../../../lib/archive/engine/startup-filter.ts'

function message(type: string, ...payload: (string | number)[]): Buffer {
  const body = Buffer.concat(
    payload.map((part) => {
      if (typeof part === 'string') return Buffer.from(`${part}\0`)
      const word = Buffer.alloc(4)
      word.writeUInt32BE(part)
      return word
    }),
  )
  const head = Buffer.alloc(5, type)
  head.writeUInt32BE(4 + body.length, 1)
  return Buffer.concat([head, body])
}

const BOTH = message('R', 10, 'SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256', '')
const PLAIN = message('R', 10, 'SCRAM-SHA-256', '')
const REST = Buffer.concat([message('R', 0), message('S', 'server_version', '18.4'), message('K', 4711, 42)])
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49])
const AFTERWARDS = message('R', 10, 'SCRAM-SHA-256-PLUS', '')

test.each([1, 3, 1_000])('in pieces of %i bytes: the channel-bound mechanism goes, all else stays', (size) => {
  const filter = startupFilter(true)
  const all = Buffer.concat([BOTH, REST, READY, AFTERWARDS])
  const out: Uint8Array[] = []
  for (let at = 0; at < all.length; at += size) out.push(filter.push(all.subarray(at, at + size)))
  expect(Buffer.concat(out)).toEqual(Buffer.concat([PLAIN, REST, READY, AFTERWARDS]))
  expect(filter.done()).toBe(true)
  expect(filter.backendKey()).toEqual(Uint8Array.from([0, 0, 0x12, 0x67, 0, 0, 0, 42]))
})

test('without TLS the offer is not touched: there it would be an attack, and libpq says so', () => {
  expect(startupFilter(false).push(BOTH)).toEqual(BOTH)
})

test('what is no start-up message goes straight on', () => {
  for (const nonsense of [
    Buffer.from('HTTP/1.1 200 OK'),
    Buffer.from('R\xff\xff\xff\xff', 'latin1'),
    message('D', 1),
  ]) {
    const filter = startupFilter(true)
    expect(filter.push(nonsense)).toEqual(nonsense)
    expect(filter.done()).toBe(true)
  }
})

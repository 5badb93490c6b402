import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { ChannelReader } from '../../../lib/archive/engine/channel-reader.ts'
import { ChannelWriter } from '../../../lib/archive/engine/channel-writer.ts'
import { COUNTER, createChannel, openChannel, RING_BYTES } from '../../../lib/archive/engine/worker-channel.ts'

function channel(start = 0) {
  const shared = createChannel()
  const { counters } = openChannel(shared)
  counters[COUNTER.written] = start
  counters[COUNTER.read] = start
  let rooms = 0
  let copies = 0
  return {
    writer: new ChannelWriter(shared),
    reader: new ChannelReader(shared, { room: () => rooms++, copying: () => copies++ }),
    rooms: () => rooms,
    copies: () => copies,
  }
}

/** Reads what is there: up to the 0 that stands for "nothing now". */
function readAll(reader: ChannelReader, most: number): Buffer {
  const parts: Buffer[] = []
  for (;;) {
    const into = Buffer.alloc(most + 10)
    const count = reader.read(into, 5, most)
    if (count === 0) return Buffer.concat(parts)
    parts.push(into.subarray(5, 5 + count))
  }
}

// After 2 and 4 GiB the counters change their sign and start again.
test.each([0, 2 ** 31 - 1_000, -1_000])('bytes come out as they went in, from position %i', (start) => {
  const { writer, reader } = channel(start)
  for (const size of [1, 999, 70_000, RING_BYTES, 500_000, RING_BYTES]) {
    const bytes = randomBytes(size)
    expect(writer.write(bytes)).toBe(size)
    expect(readAll(reader, 8_192).equals(bytes)).toBe(true)
  }
})

test('what does not fit is left to the writer, and room is told once, half a ring later', () => {
  const { writer, reader, rooms } = channel()
  expect(writer.write(randomBytes(RING_BYTES + 100))).toBe(RING_BYTES)
  expect(writer.write(randomBytes(100))).toBe(0)
  const into = new Uint8Array(RING_BYTES)
  reader.read(into, 0, RING_BYTES / 2 - 1)
  expect(rooms()).toBe(0)
  reader.read(into, 0, 1)
  reader.read(into, 0, RING_BYTES / 2)
  expect(rooms()).toBe(1)
})

test('after the end every read says so, but not before the last byte', () => {
  const { writer, reader } = channel()
  writer.write(Buffer.from('last'))
  writer.end()
  const into = new Uint8Array(10)
  expect([1, 2, 3].map(() => reader.read(into, 0, 10))).toEqual([4, 0, 0])
})

test('a COPY is told once libpq has been given all before it and comes for more', () => {
  const { writer, reader, copies } = channel()
  writer.write(Buffer.from('H'))
  writer.beginCopy()
  const into = new Uint8Array(10)
  expect([reader.read(into, 0, 10), reader.read(into, 0, 10), copies()]).toEqual([1, 0, 0])
  writer.end()
  expect([reader.read(into, 0, 10), copies()]).toEqual([0, 0])
})

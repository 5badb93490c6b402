import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { handReads, OneBuffer } from '../../../lib/archive/engine/lent-reads.ts'

const SENT = Buffer.from(Array.from({ length: 3 << 20 }, (_, index) => (index * 31) >> 3))
const HALF = SENT.length / 2
const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** The port of a server that sends half, waits for a word, sends the rest, and closes. */
async function sender(): Promise<number> {
  const server = createServer((socket) => {
    socket.write(SENT.subarray(0, HALF))
    socket.once('data', () => socket.end(SENT.subarray(HALF)))
  }).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

test('one buffer: every byte in order, also what came before anybody asked, and while naps are taken', async () => {
  const buffer = new OneBuffer()
  const socket = connect({ host: '127.0.0.1', port: await sender(), onread: buffer.onread })
  while (socket.bytesRead < HALF) await new Promise((resolve) => setImmediate(resolve))
  const copies: Uint8Array[] = []
  const memory = new Set<ArrayBufferLike>()
  buffer.handTo((bytes) => {
    copies.push(Uint8Array.from(bytes))
    memory.add(bytes.buffer)
    return true
  })
  expect(Buffer.concat(copies).equals(SENT.subarray(0, HALF))).toBe(true)
  memory.clear()
  socket.resume().write('more')
  await once(socket, 'close')
  expect(Buffer.concat(copies).equals(SENT)).toBe(true)
  expect(memory.size).toBe(1)
})

test('any other socket: every byte in order, and the memory of each read is given back', async () => {
  const socket = connect({ host: '127.0.0.1', port: await sender() })
  const copies: Uint8Array[] = []
  const memory: ArrayBufferLike[] = []
  handReads(socket, (bytes) => {
    copies.push(Uint8Array.from(bytes))
    memory.push(bytes.buffer)
    return true
  })
  socket.write('more')
  await once(socket, 'close')
  expect(Buffer.concat(copies).equals(SENT)).toBe(true)
  expect(memory.length).toBeGreaterThan(0)
  expect(memory.map(({ byteLength }) => byteLength).filter((bytes) => bytes > 0)).toEqual([])
})

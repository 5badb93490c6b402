// A TCP proxy in front of a test server that counts what passes and does harm at a chosen byte.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Target } from '../../lib/postgres/target.ts'

/** What happens to the server's bytes from byte `at` (counted from 0 over one connection) on. */
export type Harm =
  | { kind: 'cut'; at: number }
  | { kind: 'stall'; at: number }
  /** Drop by drop: from there on, each piece is at most `bytes` long and waits its turn for `everyMs`. */
  | { kind: 'slow'; at: number; bytes: number; everyMs: number }
  /** Every bit of that one byte turned over. */
  | { kind: 'corrupt'; at: number }

export type TcpProxy = {
  /** The same database, by way of the proxy. */
  target: Target
  /** Bytes of the server handed on so far, over all connections. */
  passed(): number
  /** Cuts every connection that is open now. */
  cut(): void
}

/**
 * Listens until the test ends. `rewrite` may change the server's bytes (keeping their number) before `harm` is done to them.
 */
export async function tcpProxy(
  target: Target,
  options: { harm?: Harm; rewrite?: (bytes: Buffer) => Buffer } = {},
): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let passed = 0
  const server = createServer((client) => {
    const upstream = connect(target.port, target.host)
    let seen = 0
    let stalled = false
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => other.destroy()).on('close', () => other.destroy())
    }
    client.pipe(upstream)
    upstream.on('data', (bytes: Buffer) => {
      if (stalled) return
      if (options.harm?.kind === 'slow' && seen + bytes.length > options.harm.at) {
        upstream.pause()
        seen += bytes.length
        const counted = (count: number) => {
          passed += count
        }
        void trickle(client, options.rewrite?.(bytes) ?? bytes, options.harm, counted).finally(() => upstream.resume())
        return
      }
      const from = seen
      seen += bytes.length
      const handed = harmed(options.rewrite?.(bytes) ?? bytes, from, options.harm)
      stalled = options.harm?.kind === 'stall' && seen > options.harm.at
      passed += handed.length
      const flowing = client.write(handed)
      if (options.harm?.kind === 'cut' && seen > options.harm.at) client.destroySoon()
      else if (!flowing) {
        upstream.pause()
        client.once('drain', () => upstream.resume())
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  onTestFinished(() => {
    cut()
    server.close()
  })
  return {
    target: { ...target, host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    passed: () => passed,
    cut,
  }
}

/** Hands the bytes on a few at a time, as long as somebody takes them. */
async function trickle(
  client: Socket,
  bytes: Buffer,
  { bytes: most, everyMs }: { bytes: number; everyMs: number },
  counted: (count: number) => void,
): Promise<void> {
  for (let done = 0; done < bytes.length && client.writable; done += most) {
    await new Promise((resolve) => setTimeout(resolve, everyMs))
    const few = bytes.subarray(done, done + most)
    client.write(few)
    counted(few.length)
  }
}

function harmed(bytes: Buffer, from: number, harm: Harm | undefined): Buffer {
  if (harm === undefined || from + bytes.length <= harm.at) return bytes
  const place = harm.at - from
  if (harm.kind === 'slow') return bytes
  if (harm.kind !== 'corrupt') return bytes.subarray(0, Math.max(0, place))
  if (place < 0) return bytes
  const copy = Buffer.from(bytes)
  copy[place] = copy.readUInt8(place) ^ 0xff
  return copy
}

// A TCP proxy that is far away: every byte arrives so much later, in either direction.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Target } from '../lib/postgres/target.ts'

/** Lends the same server at a distance of `delayMs` each way. */
export async function withDistance<T>(
  target: Target,
  delayMs: number,
  use: (target: Target) => Promise<T>,
): Promise<T> {
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = target.host.startsWith('/')
      ? connect(`${target.host}/.s.PGSQL.${target.port}`)
      : connect(target.port, target.host)
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from)
      from.on('data', (bytes: Buffer) => setTimeout(() => to.writable && to.write(bytes), delayMs))
      from.on('close', () => setTimeout(() => to.destroy(), delayMs)).on('error', () => to.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await use({ ...target, host: '127.0.0.1', port: (server.address() as AddressInfo).port })
  } finally {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
}

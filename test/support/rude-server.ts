// Servers that are no Postgres, or not a polite one.
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { parseTarget, type Target } from '../../lib/postgres/target.ts'

/** Accepts connections and does `answer` with each; lives until the test ends. The target's password is `hunter22`. */
export async function rudeServer(answer: (socket: Socket) => void, sslMode = 'disable'): Promise<Target> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    answer(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return parseTarget(`postgres://someone:hunter22@127.0.0.1:${port}/app?sslmode=${sslMode}`)
}

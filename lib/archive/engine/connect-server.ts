// The socket to the server, TLS and all, ready for libpq to say its first word.
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { RaingaugeError } from '../../error.ts'
import { classifyPostgresError } from '../../postgres/classify-error.ts'
import { describeTarget, type Target } from '../../postgres/target.ts'
import { allowsPlaintext, tlsOptions } from '../../postgres/tls.ts'
import { handReads, OneBuffer, type TakeLent } from './lent-reads.ts'

export type ServerSocket = {
  socket: Socket
  secure: boolean
  /** Has all that the server sends handed to `take`. To be called at once, and once. */
  read: (take: TakeLent) => void
}

/** Manual, 55.7 "Message Formats", SSLRequest. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])

/**
 * Connects by TCP or Unix socket and switches to TLS as `sslMode` says. Throws `postgres.*`, or the reason of `signal`, which also
 * carries the caller's deadline. Whoever gets the socket destroys it.
 */
export async function connectServer(target: Target, during: string, signal: AbortSignal): Promise<ServerSocket> {
  signal.throwIfAborted()
  const options = tlsOptions(target)
  const buffer = options === false ? new OneBuffer() : undefined
  const reads = buffer === undefined ? {} : { onread: buffer.onread }
  const socket = target.host.startsWith('/')
    ? connectTcp({ path: `${target.host}/.s.PGSQL.${target.port}`, ...reads })
    : connectTcp({
        host: target.host,
        port: target.port,
        noDelay: true,
        keepAlive: true,
        keepAliveInitialDelay: 30_000,
        ...reads,
      })
  const cut = () => socket.destroy(signal.reason as Error)
  signal.addEventListener('abort', cut, { once: true })
  // Once TLS runs over it, its errors also come out of the TLS socket.
  socket.on('error', () => {})
  try {
    await event(socket, 'connect')
    if (buffer !== undefined) return { socket, secure: false, read: (take) => buffer.handTo(take) }
    if (!(await offersTls(socket, target))) {
      if (allowsPlaintext(target)) return { socket, secure: false, read: (take) => handReads(socket, take) }
      throw new Error('The server does not support SSL connections')
    }
    const secure: TLSSocket = connectTls({ ...options, socket })
    await event(secure, 'secureConnect')
    return { socket: secure, secure: true, read: (take) => handReads(secure, take) }
  } catch (error) {
    socket.destroy()
    signal.throwIfAborted()
    throw classifyPostgresError(error, target, during)
  } finally {
    signal.removeEventListener('abort', cut)
  }
}

/** The answer is one byte and nothing after it: more could only have been slipped in by somebody else (CVE-2021-23222). */
async function offersTls(socket: Socket, target: Target): Promise<boolean> {
  socket.write(SSL_REQUEST)
  const answer = await event<Buffer>(socket, 'data')
  socket.pause()
  if (answer.length === 1 && answer[0] === 0x53) return true
  if (answer.length === 1 && answer[0] === 0x4e) return false
  throw new RaingaugeError('postgres.unreachable', `what answers at ${describeTarget(target)} is not Postgres`, {
    remedy: 'check the host and the port',
  })
}

async function event<Value>(socket: Socket, name: 'connect' | 'data' | 'secureConnect'): Promise<Value> {
  return await new Promise<Value>((resolve, reject) => {
    const closed = () => reject(Object.assign(new Error('the server closed the connection'), { code: 'ECONNRESET' }))
    const settle = (action: () => void) => {
      socket.off(name, succeed).off('error', fail).off('close', closed)
      action()
    }
    const succeed = (value: Value) => settle(() => resolve(value))
    const fail = (error: Error) => settle(() => reject(error))
    socket.once(name, succeed).once('error', fail).once('close', closed)
  })
}

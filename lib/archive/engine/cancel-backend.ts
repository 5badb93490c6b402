import { finished } from 'node:stream/promises'
import type { Target } from '../../postgres/target.ts'
import { connectServer } from './connect-server.ts'

/** Manual, 55.7 "Message Formats", CancelRequest. */
const CANCEL_CODE = 80_877_102

/**
 * Asks the server to end what the session with that key (the payload of its BackendKeyData) is doing. A backend that waits for a
 * lock or computes for long does not notice a closed socket by itself. Throws `postgres.*`.
 */
export async function cancelBackend(target: Target, backendKey: Uint8Array, signal: AbortSignal): Promise<void> {
  const { socket } = await connectServer(target, 'cancelling the dump', signal)
  const cut = () => socket.destroy()
  signal.addEventListener('abort', cut, { once: true })
  try {
    const request = Buffer.alloc(8 + backendKey.length)
    request.writeUInt32BE(request.length, 0)
    request.writeUInt32BE(CANCEL_CODE, 4)
    request.set(backendKey, 8)
    // The server answers nothing: it closes when it has passed the request on, and how it closes does not matter.
    socket.resume().end(request)
    await finished(socket).catch(() => {})
  } finally {
    signal.removeEventListener('abort', cut)
    socket.destroy()
  }
}

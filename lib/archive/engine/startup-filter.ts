// What the server says before it is ready, looked through on its way to libpq. Formats: manual, 55.7 "Message Formats".

export type StartupFilter = {
  /** Takes the server's bytes in any pieces and returns those to hand on now. */
  push(bytes: Uint8Array): Uint8Array
  /** True once the server said that it is ready for queries, or something that is none of its messages. */
  done(): boolean
  /** The payload of BackendKeyData, process number and secret, with which to cancel. */
  backendKey(): Uint8Array | undefined
}

/** Start-up messages are short; what claims to be longer is not Postgres, and libpq says so best. */
const LONGEST_MESSAGE = 1 << 16
const SASL = 10
const CHANNEL_BOUND = 'SCRAM-SHA-256-PLUS'

/**
 * `overTls`: takes SCRAM-SHA-256-PLUS out of what the server offers. It binds the login to the TLS channel, which ends here and not
 * in libpq, and libpq refuses a server that offers it on what looks like a plain connection (fe-auth.c, pg_SASL_init).
 */
export function startupFilter(overTls: boolean): StartupFilter {
  let held: Buffer = Buffer.alloc(0)
  let done = false
  let backendKey: Uint8Array | undefined
  return {
    push(bytes) {
      if (done) return bytes
      held = Buffer.concat([held, bytes])
      const out: Uint8Array[] = []
      while (!done && held.length >= 5) {
        const type = String.fromCharCode(held.readUInt8(0))
        const length = held.readUInt32BE(1)
        if (!'RSKZENv'.includes(type) || length < 4 || length > LONGEST_MESSAGE) done = true
        else if (held.length < 1 + length) break
        else {
          const message = held.subarray(0, 1 + length)
          held = held.subarray(1 + length)
          if (type === 'K') backendKey = Uint8Array.from(message.subarray(5))
          if (type === 'Z') done = true
          out.push(overTls && type === 'R' ? withoutChannelBinding(message) : message)
        }
      }
      if (done) out.push(held)
      return Buffer.concat(out)
    },
    done: () => done,
    backendKey: () => backendKey,
  }
}

/** AuthenticationSASL: 'R', length, 10, the names of the mechanisms with a zero byte after each, and a last zero byte. */
function withoutChannelBinding(message: Buffer): Buffer {
  if (message.length < 9 || message.readUInt32BE(5) !== SASL) return message
  const names = message.toString('latin1', 9).split('\0').filter(Boolean)
  const kept = names.filter((name) => name !== CHANNEL_BOUND)
  if (kept.length === names.length) return message
  const list = Buffer.from(kept.map((name) => `${name}\0`).join('') + '\0', 'latin1')
  const head = Buffer.from(message.subarray(0, 9))
  head.writeUInt32BE(8 + list.length, 1)
  return Buffer.concat([head, list])
}

// Encryption of what goes into the store, to the public keys of whoever may read it: age files (age-encryption.org/v1), which the
// `age` program reads too. Imported only where keys are configured: the library is pure JavaScript, and large.
import { Readable } from 'node:stream'
import { Decrypter, Encrypter } from 'age-encryption'
import { RaingaugeError, messageOf } from '../error.ts'
import type { Secret } from '../secret.ts'

export type AgeSink = {
  /** Takes what is to be encrypted; resolves when it may be given more, and the chunk is the caller's again. Throws what the sink behind it threw. */
  write(chunk: Uint8Array): Promise<void>
  /** After the last chunk: resolves when the whole file has gone to the sink behind. */
  end(): Promise<void>
  /** Gives up: nothing more goes to the sink behind. Safe after a failure. */
  abort(reason: unknown): void
}

/** An age file to these public keys (`age1…`), handed on to `sink` piece by piece. Throws `config.invalid` for what is no such key. */
export async function ageSink(
  recipients: readonly string[],
  sink: (chunk: Uint8Array) => Promise<void>,
): Promise<AgeSink> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const encrypted = await encrypterFor(recipients).encrypt(readable)
  const writer = writable.getWriter()
  const pumped = encrypted.pipeTo(new WritableStream({ write: sink }))
  // A failure travels back to whoever writes or ends; without a listener, it would end the process.
  pumped.catch(() => {})
  return {
    // A copy: the stream may still have it in a queue.
    write: async (chunk) => await writer.write(Uint8Array.from(chunk)),
    async end() {
      await writer.close()
      await pumped
    },
    abort(reason) {
      // The sink behind may never take what it has: whoever owns it gives that up.
      writer.abort(reason).catch(() => {})
    },
  }
}

/** A small age file, whole. */
export async function encryptWhole(recipients: readonly string[], bytes: Uint8Array): Promise<Uint8Array> {
  return await encrypterFor(recipients).encrypt(bytes)
}

/**
 * What an age file holds. Throws `archive.locked` where this private key is not one of those it was encrypted to, and `archive.corrupt`,
 * naming `place`, where the file is not whole or not genuine: what came before that was genuine.
 */
export async function* decryptAge(
  identity: Secret,
  encrypted: AsyncIterable<Uint8Array>,
  place: string,
): AsyncGenerator<Uint8Array, void, void> {
  let sourceFailure: unknown
  const reading = (async function* () {
    try {
      yield* encrypted
    } catch (error) {
      sourceFailure = error
      throw error
    }
  })()
  const decrypter = new Decrypter()
  for (const line of identitiesIn(identity)) decrypter.addIdentity(line)
  try {
    yield* await decrypter.decrypt(ReadableStream.from(reading))
  } catch (error) {
    if (sourceFailure !== undefined) throw sourceFailure
    const words = messageOf(error)
    if (/no identity matched/.test(words)) throw locked(place, error)
    throw new RaingaugeError('archive.corrupt', `${place} does not decrypt: ${words}`, {
      remedy: 'use another archive, and look for what damaged this one',
      cause: error,
    })
  } finally {
    // A header that is refused leaves the stream as it is, and with it the file or the connection open.
    await reading.return()
  }
}

/** {@link decryptAge} for a small file. */
export async function decryptWhole(identity: Secret, encrypted: Uint8Array, place: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of decryptAge(identity, Readable.from([encrypted]), place)) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** The error for an encrypted archive that cannot be opened here. */
export function locked(place: string, cause?: unknown): RaingaugeError {
  const why = cause === undefined ? 'and there is no private key here' : 'and not to the private key that is here'
  return new RaingaugeError('archive.locked', `${place} is encrypted, ${why}`, {
    remedy: 'give the private key of one of its recipients: --identity FILE',
    cause,
  })
}

/** True for the text of an age public key that can be encrypted to. */
export function isRecipient(text: string): boolean {
  try {
    new Encrypter().addRecipient(text)
    return true
  } catch {
    return false
  }
}

function encrypterFor(recipients: readonly string[]): Encrypter {
  const encrypter = new Encrypter()
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient)
    } catch (cause) {
      throw new RaingaugeError('config.invalid', `${recipient} is no age public key`, {
        remedy: 'make a pair with age-keygen, and name the public key: age1…',
        cause,
      })
    }
  }
  return encrypter
}

/** As in the file of age-keygen: a key a line, remarks after `#`. */
function identitiesIn(identity: Secret): string[] {
  const lines = identity.reveal().split(/\r?\n/)
  const keys = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
  if (keys.length > 0 && keys.every((key) => key.startsWith('AGE-SECRET-KEY-'))) return keys
  throw new RaingaugeError('config.invalid', 'the age identity is no private key', {
    remedy: 'give what age-keygen wrote: a line AGE-SECRET-KEY-1…',
  })
}

// On its way into the store an archive may be encrypted; what lies there in the end is counted and hashed here.
import { createHash } from 'node:crypto'
import type { Manifest } from './manifest.ts'

export type Seal = {
  write(chunk: Uint8Array): Promise<void>
  /** After the last chunk: everything has gone to the sink behind. null: it went as it was. */
  end(): Promise<Manifest['envelope']>
  /** Gives up. Safe at any time. */
  abort(reason: unknown): void
}

/** Hands on to `sink` what it is given, encrypted to these age public keys; without any, as it is. */
export async function seal(recipients: readonly string[], sink: (chunk: Uint8Array) => Promise<void>): Promise<Seal> {
  if (recipients.length === 0) return { write: sink, end: () => Promise.resolve(null), abort: () => {} }
  const { ageSink } = await import('./age.ts')
  const hash = createHash('sha256')
  let bytes = 0
  const encrypted = await ageSink(recipients, async (chunk) => {
    hash.update(chunk)
    bytes += chunk.byteLength
    await sink(chunk)
  })
  return {
    write: encrypted.write,
    async end() {
      await encrypted.end()
      return { format: 'age', recipients: [...recipients], bytes, sha256: hash.digest('hex') }
    },
    abort: encrypted.abort,
  }
}

/** A small attachment as it goes into the store. */
export async function sealWhole(recipients: readonly string[], bytes: Uint8Array): Promise<Uint8Array> {
  if (recipients.length === 0) return bytes
  const { encryptWhole } = await import('./age.ts')
  return await encryptWhole(recipients, bytes)
}

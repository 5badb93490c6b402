import type { DumpRequest } from '../../../lib/archive/engine/dump.ts'
import { wasmDump } from '../../../lib/archive/engine/wasm-dump.ts'

/** The whole archive in memory: only for tests. */
export async function dump(request: DumpRequest): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of wasmDump(request).output) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** What the dump throws. Fails where it throws nothing. */
export async function dumpError(request: DumpRequest): Promise<Error & { code?: string; remedy?: string }> {
  try {
    await dump(request)
  } catch (error) {
    return error as Error
  }
  throw new Error('the dump ended as if nothing were wrong')
}

import type { DumpEngine } from '../../config/config.ts'
import type { Dump, DumpRequest } from './dump.ts'
import { nativeDump } from './native-dump.ts'
import { findNativeProgram } from './native-program.ts'
import { wasmDump } from './wasm-dump.ts'

/** A dump by the chosen engine. Throws `dump.version` or `dump.failed` where there is no native pg_dump for that server; nothing is read yet. */
export async function openDump(choice: DumpEngine, request: DumpRequest, serverMajor: number): Promise<Dump> {
  switch (choice.engine) {
    case 'wasm':
      return wasmDump(request)
    case 'native':
      return nativeDump(request, await findNativeProgram(choice.program, serverMajor))
    default:
      return choice satisfies never
  }
}

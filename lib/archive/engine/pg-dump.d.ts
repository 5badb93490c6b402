// The Emscripten module of pg_dump, as far as the worker uses it: https://emscripten.org/docs/api_reference/module.html
declare module 'raingauge:pg-dump' {
  export type OutputStream = {
    stream_ops: {
      llseek?: (...parameters: unknown[]) => number
      write?: (stream: OutputStream, from: Uint8Array, offset: number, length: number) => number
    }
  }

  export type PgDumpModule = {
    HEAPU8: Uint8Array
    ENV: Record<string, string | undefined>
    FS: {
      open(path: string, ...rest: unknown[]): OutputStream
      ErrnoError: new (errno: number) => Error
    }
    addFunction(callback: (pointer: number, length: number) => number, signature: 'iii'): number
    /** Sets what libpq reads from and writes to its server with: (pointer, length) → bytes done. */
    _pgl_set_rw_cbs(read: number, write: number): void
    /** Of every open file. */
    _fflush(file: 0): number
    callMain(parameters: string[]): unknown
  }

  export type PgDumpOptions = {
    thisProgram: string
    noExitRuntime: false
    wasmBinary: Uint8Array
    print(line: string): void
    printErr(line: string): void
    onExit(status: number): void
    preRun: ((module: PgDumpModule) => void)[]
  }

  export function createPgDump(options: PgDumpOptions): Promise<PgDumpModule>
  /** Where the WebAssembly lies. */
  export const wasmUrl: URL
}

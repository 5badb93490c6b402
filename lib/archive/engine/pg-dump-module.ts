// The one place that knows how pg_dump lies in its package, since the package exports no more than a wrapper for PGlite.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { RaingaugeError } from '../../error.ts'

/** Of the pg_dump inside the pinned version of the package; a test asks the module itself. */
export const PG_DUMP_VERSION = '18.3'

/** What the worker imports: a load hook answers it in a checkout, the esbuild plugin in a bundle. */
export const PG_DUMP_SPECIFIER = 'raingauge:pg-dump'

const PACKAGE = '@electric-sql/pglite-tools'
export const WASM_FILE = 'pg_dump.wasm'

/** The absolute path of the chunk with the Emscripten module; the WebAssembly lies beside it. Throws `dump.failed`. */
export function packagedChunk(): string {
  const entry = createRequire(import.meta.url).resolve(`${PACKAGE}/pg_dump`)
  const folder = dirname(entry)
  const chunk = /from\s*"\.\/(chunk-[\w-]+\.js)"/.exec(readFileSync(join(folder, 'pg_dump.js'), 'utf8'))?.[1]
  if (chunk === undefined) throw changedShape('its pg_dump.js imports no chunk')
  return join(folder, chunk)
}

/**
 * The chunk with two more exports: `createPgDump`, the Emscripten factory, which is a local whose name only the call in the
 * package's own wrapper gives away, and `wasmUrl`. Throws `dump.failed` when the package has changed its shape.
 */
export function exportFactory(chunk: string): string {
  const names = [...chunk.matchAll(/await ([\w$]+)\(\{noExitRuntime:/g)].map(([, name]) => name)
  if (names.length !== 1 || !chunk.includes('_pgl_set_rw_cbs')) {
    throw changedShape(`its chunk calls the factory ${names.length} times`)
  }
  return `${chunk.replace(/\/\/# sourceMappingURL.*\s*$/, '')}
export { ${names[0]} as createPgDump }
export const wasmUrl = new URL('${WASM_FILE}', import.meta.url)
`
}

function changedShape(how: string): RaingaugeError {
  return new RaingaugeError('dump.failed', `${PACKAGE} is not as Raingauge knows it: ${how}`, {
    remedy: 'run npm ci, so that the pinned version is installed',
  })
}

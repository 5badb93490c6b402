// Makes `raingauge:pg-dump` importable in a checkout. In a bundle the import is resolved already and the hooks are never asked.
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { exportFactory, packagedChunk, PG_DUMP_SPECIFIER } from './pg-dump-module.ts'

/** Holds for this thread, from now on. A package of another shape is told by the import: `dump.failed`. */
export function registerPgDump(): void {
  let chunk: string | undefined
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (specifier !== PG_DUMP_SPECIFIER) return nextResolve(specifier, context)
      chunk = pathToFileURL(packagedChunk()).href
      return { url: chunk, format: 'module', shortCircuit: true }
    },
    load(url, context, nextLoad) {
      if (url !== chunk) return nextLoad(url, context)
      return {
        format: 'module',
        source: exportFactory(readFileSync(fileURLToPath(url), 'utf8')),
        shortCircuit: true,
      }
    },
  })
}

// For who looks for the program among the sources: the same as raingauge.mjs, started more slowly.
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/raingauge', import.meta.url)))
await import('./main.ts')

// Starts the command line. Plain JavaScript: to strip the types of the file that Node starts with takes longer than all the rest of `help`.
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// What is loaded from here on is stripped and compiled once. Only who may change the programs may change what is kept.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/raingauge', import.meta.url)))

await import('./main.ts')

// Starts the command line. Plain JavaScript: to strip the types of the file that Node starts with takes longer than all the rest of `help`.
import { enableCompileCache, registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

// What is loaded from here on is stripped and compiled once. Only who may change the programs may change what is kept.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/raingauge', import.meta.url)))

const OWN = ['../bin/', '../lib/'].map((folder) => new URL(folder, import.meta.url).href)

// Our own files name each other as they lie there. Node would look for each of two hundred, and for the package.json that says what
// it is: a fifth of the processor time of `compare`.
registerHooks({
  resolve(specifier, context, next) {
    const from = context.parentURL
    if (from === undefined || !/^\..*\.ts$/.test(specifier) || !OWN.some((folder) => from.startsWith(folder))) {
      return next(specifier, context)
    }
    return { url: new URL(specifier, from).href, format: 'module-typescript', shortCircuit: true }
  },
})

await import('./main.ts')

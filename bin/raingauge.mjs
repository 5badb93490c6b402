// Starts the command line. Plain JavaScript: to strip the types of the file that Node starts with takes longer than all the rest of `help`.
// Written so that a Node too old for the rest can still read it.
import * as nodeModule from 'node:module'
import { fileURLToPath } from 'node:url'

/** As in raingauge.ts. */
const NODE_MAJOR = 24

if (Number.parseInt(process.versions.node, 10) < NODE_MAJOR) {
  process.stderr.write(
    `raingauge: the command line needs Node ${NODE_MAJOR} or newer, and this is ${process.versions.node} (npm run raingauge -- … takes the one that npm ci brought)\n`,
  )
  process.exitCode = 2
} else {
  await start()
}

async function start() {
  // What is loaded from here on is stripped and compiled once. Only who may change the programs may change what is kept.
  nodeModule.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/raingauge', import.meta.url)))
  const own = ['../bin/', '../lib/'].map((folder) => new URL(folder, import.meta.url).href)
  // Our own files name each other as they lie there. Node would look for each of two hundred, and for the package.json that says what
  // it is: a fifth of the processor time of `compare`.
  nodeModule.registerHooks({
    resolve(specifier, context, next) {
      const from = context.parentURL
      if (from === undefined || !/^\..*\.ts$/.test(specifier) || !own.some((folder) => from.startsWith(folder))) {
        return next(specifier, context)
      }
      return { url: new URL(specifier, from).href, format: 'module-typescript', shortCircuit: true }
    },
  })
  await import('./main.ts')
}

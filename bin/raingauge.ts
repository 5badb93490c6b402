#!/usr/bin/env node
// The command of the installed package, compiled. In a checkout raingauge.mjs does the same and starts faster.
// Written so that a Node too old for the rest can still read it.
import * as nodeModule from 'node:module'
import { fileURLToPath } from 'node:url'

/** What Lambda runs, and what the tests run on. */
const NODE_MAJOR = 24

if (Number.parseInt(process.versions.node, 10) < NODE_MAJOR) {
  process.stderr.write(
    `raingauge: the command line needs Node ${NODE_MAJOR} or newer, and this is ${process.versions.node} (npm install --save-dev node@${NODE_MAJOR} brings one, for npx and npm scripts)\n`,
  )
  process.exitCode = 2
} else {
  // Where that cannot be written, nothing is kept.
  nodeModule.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/raingauge', import.meta.url)))
  await import('./main.ts')
}

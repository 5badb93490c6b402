#!/usr/bin/env node
// Starts the command line: the sources of a checkout, or what an installed package has compiled of them. Plain JavaScript: to strip the types
// of the file that Node starts with takes longer than all the rest of `help`. Written so that a Node too old for the rest can still read it.
import { existsSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { fileURLToPath } from 'node:url'

/** What Lambda runs, and what the tests run on. */
const NODE_MAJOR = 24

const INSTALLED = {
  main: './main.js',
  own: /^\..*\.js$/,
  format: 'module',
  remedy: `npm install --save-dev node@${NODE_MAJOR} brings one, for npx and npm scripts`,
}
const IN_A_CHECKOUT = {
  main: './main.ts',
  own: /^\..*\.ts$/,
  format: 'module-typescript',
  remedy: 'npm run raingauge -- … takes the one that npm ci brought',
}
const form = existsSync(new URL(INSTALLED.main, import.meta.url)) ? INSTALLED : IN_A_CHECKOUT

if (Number.parseInt(process.versions.node, 10) < NODE_MAJOR) {
  process.stderr.write(
    `raingauge: the command line needs Node ${NODE_MAJOR} or newer, and this is ${process.versions.node} (${form.remedy})\n`,
  )
  process.exitCode = 2
} else {
  await start()
}

async function start() {
  // What is loaded from here on is stripped and compiled once. Only who may change the programs may change what is kept; where that cannot be
  // written, nothing is.
  nodeModule.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/raingauge', import.meta.url)))
  const folders = ['../bin/', '../lib/'].map((folder) => new URL(folder, import.meta.url).href)
  // Our own files name each other as they lie there. Node would look for each of two hundred, and for the package.json that says what
  // it is: a fifth of the processor time of `compare`.
  nodeModule.registerHooks({
    resolve(specifier, context, next) {
      const from = context.parentURL
      if (from === undefined || !form.own.test(specifier) || !folders.some((folder) => from.startsWith(folder))) {
        return next(specifier, context)
      }
      return { url: new URL(specifier, from).href, format: form.format, shortCircuit: true }
    },
  })
  await import(form.main)
}

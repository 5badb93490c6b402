import type { BuildOptions } from 'esbuild'
import { pgDumpPlugin } from '../../lib/archive/engine/esbuild-plugin.ts'
import { LEAVE_OUT, NEVER_LOADED } from './leave-out.ts'

/**
 * How esbuild makes what runs as a function, wherever it is made: what is measured is then what is deployed. What is imported lazily (the AWS clients
 * above all) becomes a file of its own and is loaded when it is wanted: the S3 client alone is most of a naive start. The SDK is bundled, so the version
 * that was tested runs. `dumps`: with pg_dump and its worker beside it.
 */
export function functionOptions({ dumps }: { dumps: boolean }) {
  return {
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // The modules of the SDK rather than its CommonJS: only what is used comes along.
    mainFields: ['module', 'main'],
    // What functions and errors are called stays: it is in stack traces and logs.
    minify: true,
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'error',
    plugins: dumps ? [...LEAVE_OUT, pgDumpPlugin()] : [...LEAVE_OUT],
    external: NEVER_LOADED,
    // CommonJS packages require Node's own modules, which a module cannot do by itself.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
    },
  } satisfies BuildOptions
}

import { join } from 'node:path'
import { build, type Metafile, type Plugin } from 'esbuild'
import { pgDumpPlugin } from '../../lib/archive/engine/esbuild-plugin.ts'
import type { FunctionJob } from '../../lib/config/function-variables.ts'

const ROOT = join(import.meta.dirname, '..', '..')

/** What goes in: see the metafile of esbuild. */
export type HandlerBundle = { metafile: Metafile }

/**
 * Bundles the handler of a job into `folder` as index.mjs, with pg_dump and its worker beside it for a job that dumps. What is imported lazily (the AWS clients above all) becomes a file of its own
 * and is loaded when it is wanted: the S3 client alone is most of a naive start. The SDK is bundled, so the version that was tested runs.
 */
export async function bundleHandler(
  job: FunctionJob,
  folder: string,
  { dumps }: { dumps: boolean },
): Promise<HandlerBundle> {
  const { metafile } = await build({
    entryPoints: { index: join(ROOT, 'lambdas', `${job}.ts`) },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    absWorkingDir: ROOT,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // The modules of the SDK rather than its CommonJS: only what is used comes along.
    mainFields: ['module', 'main'],
    // Names stay: they are in stack traces and in the names of errors.
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    metafile: true,
    logLevel: 'error',
    plugins: dumps ? [englishOnly, pgDumpPlugin()] : [englishOnly],
    // Optional, and never installed here.
    external: ['pg-native', 'cloudflare:sockets'],
    // CommonJS packages require Node's own modules, which a module cannot do by itself.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
    },
  })
  return { metafile }
}

/** zod brings its messages in fifty languages, more than all the rest of a function's start together. */
const englishOnly: Plugin = {
  name: 'english-only',
  setup(setup) {
    setup.onLoad({ filter: /[/\\]zod[/\\]v4[/\\]locales[/\\]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js'",
      loader: 'js',
    }))
  },
}

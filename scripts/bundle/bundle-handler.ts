import { extname, join } from 'node:path'
import { build, type Metafile } from 'esbuild'
import { pgDumpPlugin } from '../../lib/archive/engine/esbuild-plugin.ts'
import { isTaskJob, type FunctionJob } from '../../lib/config/function-variables.ts'
import { LEAVE_OUT, NEVER_LOADED } from './leave-out.ts'

const ROOT = join(import.meta.dirname, '..', '..')
/** TypeScript in a checkout, compiled where the package is installed. */
const SOURCE = extname(import.meta.filename)

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
    entryPoints: {
      index: join(ROOT, 'lambdas', `${job}${SOURCE}`),
      // A fleet is looked at by what a check is made of: one bundle has both.
      ...(job === 'check' ? { fleet: join(ROOT, 'lambdas', `fleet${SOURCE}`) } : {}),
      // The same where it runs as a task: one asset serves both.
      ...(isTaskJob(job) ? { task: join(ROOT, 'lambdas', `${job}-task${SOURCE}`) } : {}),
    },
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
    // What functions and errors are called stays: it is in stack traces and logs.
    minify: true,
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    metafile: true,
    logLevel: 'error',
    plugins: dumps ? [...LEAVE_OUT, pgDumpPlugin()] : [...LEAVE_OUT],
    external: NEVER_LOADED,
    // CommonJS packages require Node's own modules, which a module cannot do by itself.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
    },
  })
  return { metafile }
}

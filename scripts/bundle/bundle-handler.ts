import { extname, join } from 'node:path'
import { build, type Metafile } from 'esbuild'
import { isTaskJob, type FunctionJob } from '../../lib/config/function-variables.ts'
import { functionOptions } from './function-options.ts'

const ROOT = join(import.meta.dirname, '..', '..')
/** TypeScript in a checkout, compiled where the package is installed. */
const SOURCE = extname(import.meta.filename)

/** What goes in: see the metafile of esbuild. */
export type HandlerBundle = { metafile: Metafile }

/** Bundles the handler of a job into `folder` as index.mjs, with pg_dump and its worker beside it for a job that dumps. */
export async function bundleHandler(
  job: FunctionJob,
  folder: string,
  { dumps }: { dumps: boolean },
): Promise<HandlerBundle> {
  const { metafile } = await build({
    ...functionOptions({ dumps }),
    entryPoints: {
      index: join(ROOT, 'lambdas', `${job}${SOURCE}`),
      // A fleet is looked at by what a check is made of: one bundle has both.
      ...(job === 'check' ? { fleet: join(ROOT, 'lambdas', `fleet${SOURCE}`) } : {}),
      // The same where it runs as a task: one asset serves both.
      ...(isTaskJob(job) ? { task: join(ROOT, 'lambdas', `${job}-task${SOURCE}`) } : {}),
    },
    outdir: folder,
    absWorkingDir: ROOT,
    metafile: true,
  })
  return { metafile }
}

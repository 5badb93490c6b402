import { extname, join } from 'node:path'
import { build } from 'esbuild'
import { START_PROGRAM } from '../../lib/config/function-variables.ts'

/** Bundles the program that a task starts with into `folder`: as small as can be, since the stack hands it over on the command line. */
export async function bundleStart(folder: string): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, '..', '..', 'lambdas', `start-task${extname(import.meta.filename)}`)],
    outfile: join(folder, START_PROGRAM),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // In a template of CloudFormation they look like parameters.
    supported: { 'template-literal': false },
    minify: true,
    legalComments: 'none',
    logLevel: 'error',
  })
}

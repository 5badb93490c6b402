import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { pgDumpPlugin } from '../lib/archive/engine/esbuild-plugin.ts'

const ONCE = fileURLToPath(new URL('backup-once.ts', import.meta.url))

/** Bundles one backup as the functions are, into the folder, and returns the program's path. */
export async function bundleBackup(folder: string): Promise<string> {
  const outfile = join(folder, 'backup-once.mjs')
  await build({
    entryPoints: [ONCE],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    minify: true,
    banner: { js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);" },
    plugins: [pgDumpPlugin()],
  })
  return outfile
}

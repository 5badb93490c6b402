import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { functionOptions } from '../scripts/bundle/function-options.ts'

const ONCE = fileURLToPath(new URL('backup-once.ts', import.meta.url))

/** Bundles one backup as the functions are, into the folder, and returns the program's path. */
export async function bundleBackup(folder: string): Promise<string> {
  const name = 'backup-once'
  await build({ ...functionOptions({ dumps: true }), entryPoints: { [name]: ONCE }, outdir: folder })
  return join(folder, `${name}.mjs`)
}

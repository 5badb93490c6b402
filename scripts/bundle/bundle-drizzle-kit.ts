import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'

/**
 * drizzle-kit as one file that can `check` a folder: 1.7 MB instead of its package, drizzle-orm and two esbuilds. For `check` it loads
 * nothing but `drizzle-orm/version` and `drizzle-orm/relations`; what other commands load stays outside, and they fail.
 */
export async function bundleDrizzleKit(file: string): Promise<void> {
  const kit = join(dirname(createRequire(import.meta.url).resolve('drizzle-kit')), 'bin.cjs')
  await build({
    entryPoints: [kit],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: true,
    legalComments: 'none',
    logLevel: 'error',
    plugins: [
      {
        name: 'only-what-check-needs',
        setup(setup) {
          setup.onResolve({ filter: /^[^./]/ }, ({ path, importer, kind }) => {
            if (kind === 'entry-point' || importer !== kit) return undefined
            return /^drizzle-orm\/(?:version|relations)$/.test(path) ? undefined : { path, external: true }
          })
        },
      },
    ],
  })
}

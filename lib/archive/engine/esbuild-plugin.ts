// What a bundle with wasmDump needs beside itself. For build scripts: nothing at run time imports this.
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { dirname, extname, join, resolve } from 'node:path'
import type { Plugin, PluginBuild } from 'esbuild'
import { RaingaugeError } from '../../error.ts'
import { exportFactory, packagedChunk, PG_DUMP_SPECIFIER, WASM_FILE } from './pg-dump-module.ts'

/** TypeScript in a checkout, compiled where the package is installed: of the same kind as this file. */
const WORKER_SOURCE = join(import.meta.dirname, `dump-worker${extname(import.meta.filename)}`)

/** As dump-session.ts looks for it. */
const WORKER_FILE = 'dump-worker.mjs'

/**
 * For the build of anything that imports wasm-dump.ts. The bundle must be an ES module for Node, written to disk; the plugin puts
 * `dump-worker.mjs` and `pg_dump.wasm` into the same folder, and all three have to stay together.
 * The build fails with `usage` for another format, and with `dump.failed` when the package has changed its shape.
 */
export function pgDumpPlugin(): Plugin {
  return {
    name: 'raingauge-pg-dump',
    setup(build) {
      const folder = outputFolder(build)
      build.onEnd(async (result) => {
        if (result.errors.length > 0) return
        await mkdir(folder, { recursive: true })
        await bundleWorker(build, folder)
        await copyFile(join(dirname(packagedChunk()), WASM_FILE), join(folder, WASM_FILE))
      })
    },
  }
}

function outputFolder({ initialOptions }: PluginBuild): string {
  const { outdir, outfile, absWorkingDir = '.', format, write = true } = initialOptions
  const folder = outfile === undefined ? outdir : dirname(outfile)
  if (folder === undefined || format !== 'esm' || !write) {
    throw new RaingaugeError('usage', 'a bundle with pg_dump must be an ES module written to disk', {
      remedy: "give esbuild format: 'esm', and outfile or outdir",
    })
  }
  return resolve(absWorkingDir, folder)
}

async function bundleWorker(build: PluginBuild, folder: string): Promise<void> {
  const { minify, sourcemap, target } = build.initialOptions
  await build.esbuild.build({
    entryPoints: [WORKER_SOURCE],
    outfile: join(folder, WORKER_FILE),
    bundle: true,
    platform: 'node',
    format: 'esm',
    ...(minify === undefined ? {} : { minify }),
    ...(sourcemap === undefined ? {} : { sourcemap }),
    ...(target === undefined ? {} : { target }),
    plugins: [{ name: 'raingauge-pg-dump-module', setup: resolveModule }],
  })
}

/** Answers the worker's import with the package's own chunk and the exports that it lacks. */
function resolveModule(build: PluginBuild): void {
  const filter = new RegExp(`^${PG_DUMP_SPECIFIER}$`)
  build.onResolve({ filter }, () => ({ path: packagedChunk(), namespace: 'pg-dump' }))
  build.onLoad({ filter: /.*/, namespace: 'pg-dump' }, async ({ path }) => ({
    contents: exportFactory(await readFile(path, 'utf8')),
    loader: 'js',
    resolveDir: dirname(path),
  }))
}

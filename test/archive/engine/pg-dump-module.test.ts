import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { expect, onTestFinished, test } from 'vitest'
import { pgDumpPlugin } from '../../../lib/archive/engine/esbuild-plugin.ts'
import { exportFactory, packagedChunk, PG_DUMP_VERSION } from '../../../lib/archive/engine/pg-dump-module.ts'
import { ANY_MAJOR, targetUrl, testDatabase } from '../../support/database.ts'

const run = promisify(execFile)
const LIB = fileURLToPath(new URL('../../../lib/', import.meta.url))

test('the pinned package has the shape we know', () => {
  expect(exportFactory(readFileSync(packagedChunk(), 'utf8'))).toMatch(/\nexport \{ \w+ as createPgDump \}\n/)
})

test('another shape is an error that says so', () => {
  expect(() => exportFactory('export const pgDump = 1')).toThrow(expect.objectContaining({ code: 'dump.failed' }))
  expect(() => exportFactory('await A({noExitRuntime:!1}); await B({noExitRuntime:!1})')).toThrow(/2 times/)
})

test('the module is the version that archives are said to be made with', async () => {
  const script = `
    import { registerPgDump } from ${JSON.stringify(pathToFileURL(join(LIB, 'archive/engine/register-pg-dump.ts')).href)}
    registerPgDump()
    const { createPgDump } = await import('raingauge:pg-dump')
    const pgDump = await createPgDump({ noExitRuntime: false, print: console.log })
    pgDump.callMain(['--version'])`
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script])
  expect(stdout).toBe(`pg_dump (PostgreSQL) ${PG_DUMP_VERSION}\n`)
})

test('a bundle dumps, far from any checkout, with its worker and its WebAssembly beside it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'raingauge-bundle-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await build({
    stdin: {
      contents: `
        import { wasmDump } from './archive/engine/wasm-dump.ts'
        import { parseTarget } from './postgres/target.ts'
        let size = 0
        for await (const chunk of wasmDump({ target: parseTarget(process.env.URL) }).output) size += chunk.length
        console.log(size)`,
      resolveDir: LIB,
      loader: 'ts',
    },
    outfile: join(folder, 'index.mjs'),
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    external: ['pg-native'],
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)` },
    plugins: [pgDumpPlugin()],
  })
  expect((await readdir(folder)).toSorted()).toEqual(['dump-worker.mjs', 'index.mjs', 'pg_dump.wasm'])
  const target = await testDatabase(ANY_MAJOR, 'CREATE TABLE public.t AS SELECT generate_series(1, 100000)')
  const { stdout } = await run(process.execPath, [join(folder, 'index.mjs')], {
    cwd: folder,
    env: { URL: targetUrl(target) },
  })
  expect(Number(stdout)).toBeGreaterThan(600_000)
})

test('a bundle of another format is refused when it is built', async () => {
  const building = build({
    stdin: { contents: '' },
    format: 'cjs',
    outfile: join(tmpdir(), 'never.js'),
    plugins: [pgDumpPlugin()],
    logLevel: 'silent',
  })
  await expect(building).rejects.toThrow('ES module')
})

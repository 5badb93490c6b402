// The other engine: fake programs that end in every bad way, and the real one where there is one.
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ArchiveInspector, type Inspection } from '../../../lib/archive/format/table-rows.ts'
import type { DumpRequest } from '../../../lib/archive/engine/dump.ts'
import { findNativeProgram } from '../../../lib/archive/engine/native-program.ts'
import { openDump } from '../../../lib/archive/engine/open-dump.ts'
import { wasmDump } from '../../../lib/archive/engine/wasm-dump.ts'
import { parseTarget } from '../../../lib/postgres/target.ts'
import { Secret } from '../../../lib/secret.ts'
import { ANY_MAJOR, MAJORS, testDatabase } from '../../support/database.ts'
import { testFolder } from '../../support/directory.ts'
import { isAlive } from '../../support/process-tree.ts'

const NOWHERE = parseTarget('postgres://someone:hunter22@db.example.com/app')

/** A program that says it is pg_dump 18.4, and then does this. */
function fake(script: string, version = 'pg_dump (PostgreSQL) 18.4 (Debian 18.4-1)'): string {
  const path = join(testFolder(), 'pg_dump')
  writeFileSync(path, `#!/bin/sh\nif [ "$1" = --version ]; then echo '${version}'; exit; fi\n${script}\n`)
  chmodSync(path, 0o755)
  return path
}

async function* dumping(
  program: string,
  request: Partial<DumpRequest> = {},
  serverMajor = ANY_MAJOR,
): AsyncGenerator<Uint8Array> {
  const dump = await openDump({ engine: 'native', program }, { target: NOWHERE, ...request }, serverMajor)
  expect(dump.engine).toBe('native')
  yield* dump.output
}

async function collect(output: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of output) chunks.push(chunk)
  return Buffer.concat(chunks)
}

test.each([
  ['exits with 1 half-way', `head -c 3000000 /dev/zero; echo 'pg_dump: error: could not frobnicate' >&2; exit 1`, 'could not frobnicate'], // prettier-ignore
  ['says nothing and exits with 3', 'exit 3', 'it exited with 3'],
  ['is killed', 'head -c 100000 /dev/zero; kill -9 $$', 'it was killed by SIGKILL'],
  ['says much', `i=0; while [ $i -lt 3000 ]; do echo "pg_dump: warning: $i circular foreign keys, all of them long" >&2; i=$((i+1)); done; echo 'pg_dump: error: the end' >&2; exit 1`, 'the end'], // prettier-ignore
])('a program that %s is an error, after whatever it wrote', async (_, script, words) => {
  await expect(collect(dumping(fake(script)))).rejects.toMatchObject({
    code: 'dump.failed',
    message: expect.stringContaining(words),
  })
})

test('what pg_dump says is told apart as with the other engine', async () => {
  const script = `echo 'pg_dump: error: connection to server at "db.example.com" (10.0.0.1), port 5432 failed: FATAL:  password authentication failed for user "someone"' >&2; exit 1`
  await expect(collect(dumping(fake(script)))).rejects.toMatchObject({ code: 'postgres.authentication' })
})

test('bytes and exit status are handed on as they are: what they are worth is for the reader of the format', async () => {
  expect((await collect(dumping(fake('printf garbage')))).toString()).toBe('garbage')
  expect(await collect(dumping(fake('exit 0')))).toHaveLength(0)
})

test('the password stands in no argument, and nothing of our environment is handed on', async () => {
  const script = `echo "$*"; env`
  const words = (await collect(dumping(fake(script)))).toString()
  const [line = '', ...environment] = words.split('\n')
  expect(line).toContain("host='db.example.com'")
  expect(line).not.toContain('hunter22')
  expect(environment).toContain('PGPASSWORD=hunter22')
  expect(environment.filter((each) => /^(?:NODE|npm|VITEST|AWS)/.test(each))).toEqual([])
})

test('a program that hangs is ended, with all that it started, and called stalled; a slow consumer is none', async () => {
  const mark = join(testFolder(), 'pid')
  const hanging = fake(`printf PGDMP; sleep 1000 & echo $! > ${mark}; wait`)
  await expect(collect(dumping(hanging, { stallTimeoutMs: 400 }))).rejects.toMatchObject({ code: 'dump.stalled' })
  const pid = Number(readFileSync(mark, 'utf8'))
  expect(pid).toBeGreaterThan(0)
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20))
  let bytes = 0
  for await (const chunk of dumping(fake('head -c 150000 /dev/zero'), { stallTimeoutMs: 200 })) {
    await new Promise((resolve) => setTimeout(resolve, 300))
    bytes += chunk.length
  }
  expect(bytes).toBe(150_000)
})

test('an abort ends a program that does not listen, and comes through', async () => {
  const abort = new AbortController()
  const failed = collect(dumping(fake(`trap '' TERM; printf PGDMP; while :; do sleep 0.05; done`), { signal: abort.signal })) // prettier-ignore
  setTimeout(() => abort.abort(new Error('out of time')), 200)
  await expect(failed).rejects.toThrow('out of time')
})

test('a program that is too old, is none, or is not there', async () => {
  const old = fake('', 'pg_dump (PostgreSQL) 16.3')
  await expect(findNativeProgram(old, 17)).rejects.toMatchObject({
    code: 'dump.version',
    message: expect.stringMatching(/the server is PostgreSQL 17, and native pg_dump: .*pg_dump is 16\.3/),
  })
  expect(await findNativeProgram(old, 16)).toEqual({ path: old, version: '16.3', major: 16 })
  for (const path of [fake('', 'psql (PostgreSQL) 18.4'), '/nowhere/pg_dump', 'pg_dump']) {
    await expect(findNativeProgram(path, 17)).rejects.toMatchObject({
      code: 'dump.failed',
      message: expect.stringContaining(path),
    })
  }
})

/** The newest native pg_dump that knows no more than our servers do. */
async function realProgram() {
  const onPath = (process.env['PATH'] ?? '').split(':').map((folder) => `${folder}/pg_dump`)
  const paths = [...globSync('/usr/lib/postgresql/*/bin/pg_dump'), ...onPath].filter((path) => existsSync(path))
  const programs = await Promise.all(paths.map((path) => findNativeProgram(path, 1)))
  const newestFirst = programs.toSorted((one, other) => other.major - one.major)
  return newestFirst.flatMap(({ path, major }) =>
    MAJORS.filter((each) => each === major).map((served) => ({ path, major: served })),
  )[0]
}

test('a native pg_dump and the packaged one write the same rows', async (context): Promise<void> => {
  const found = await realProgram()
  if (found === undefined) {
    const reason = 'SKIPPED: no native pg_dump of 15 or newer here, so that engine ran only with fakes in this run'
    process.stderr.write(`${reason}\n`)
    return context.skip(reason)
  }
  const { major, path } = found
  const target = await testDatabase(major, [
    `CREATE TABLE public.a AS SELECT g AS id, repeat('ü\\ ' || g, g % 90) AS words FROM generate_series(1, 20000) g`,
    `CREATE TABLE public.b ()`,
    `INSERT INTO public.b SELECT FROM generate_series(1, 7)`,
  ])
  const [native, wasm] = await Promise.all([
    collect(dumping(path, { target }, major)).then(inspected),
    collect(wasmDump({ target }).output).then(inspected),
  ])
  expect(native.tables.map(({ name, rows }) => [name, rows])).toEqual([['public.a', 20_000], ['public.b', 7]]) // prettier-ignore
  expect(native.sums).toEqual(wasm.sums)
  const wrong = { ...target, password: new Secret('wrong') }
  await expect(collect(dumping(path, { target: wrong }, major))).rejects.toMatchObject({
    code: 'postgres.authentication',
  })
})

/** What is in it, and a sum over each table's block without its number. */
function inspected(archive: Buffer): Inspection & { sums: string[] } {
  const inspector = new ArchiveInspector()
  inspector.feed(archive)
  const inspection = inspector.end()
  const sums = inspection.tables.map(({ raw }) => sha256(archive.subarray(raw.start + 6, raw.start + raw.bytes)))
  return { ...inspection, sums }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

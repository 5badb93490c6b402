// A restore that is disturbed: one clear error that names the place, the database told as incomplete, no half table, nobody left at work.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { streamedSource } from '../../lib/archive/archive-source.ts'
import { restoreArchive } from '../../lib/archive/restore-archive.ts'
import type { Target } from '../../lib/postgres/target.ts'
import { startEmbeddedServer } from '../../lib/scratch/embedded-server.ts'
import { findServerBinaries } from '../../lib/scratch/server-binaries.ts'
import { ANY_MAJOR, execute, MAJORS, serverTarget, testDatabase, testRole } from '../support/database.ts'
import { testFolder } from '../support/directory.ts'
import { tcpProxy } from '../support/tcp-proxy.ts'
import { inChunks } from './archive-fixture.ts'
import { encodeArchive, SAMPLE, tableData, type EncodedEntry } from './encode-archive.ts'
import { countedSource, placeOf, sharedArchive, withFlippedBit } from './shared-archive.ts'

const two = sharedArchive(`
CREATE TABLE public.first (id int PRIMARY KEY); INSERT INTO public.first SELECT generate_series(1, 100);
CREATE TABLE public.large AS SELECT n, sha512(n::text::bytea) AS noise FROM generate_series(1, 6000) n;
`)

const counts = async (target: Target, ...tables: string[]) => {
  const sums = tables.map((table) => `(SELECT count(*)::int FROM public.${table}) AS ${table}`)
  const [row] = await execute<Record<string, number>>(target, `SELECT ${sums.join(', ')}`)
  return row
}
const others = (target: Target) =>
  execute(
    serverTarget(ANY_MAJOR),
    `SELECT query FROM pg_stat_activity WHERE datname = '${target.database}' AND application_name = 'raingauge'`,
  )

test.each([1, 3])('a connection that is cut within a table, with %i jobs', async (jobs) => {
  const archive = await two()
  const target = await testDatabase()
  const proxy = await tcpProxy(target)
  const { source } = countedSource(archive)
  const half = placeOf(archive, 'public.large') + 200_000
  const read = { ...source, read: cutAt(source, half, () => proxy.cut()) }
  await expect(restoreArchive(read, proxy.target, { jobs })).rejects.toMatchObject({
    code: 'postgres.lost',
    message: expect.stringMatching(/is left incomplete, with the rows of [01] of 2 tables$/),
  })
  const { large, first } = (await counts(target, 'large', 'first')) ?? {}
  expect(large).toBe(0)
  expect([0, 100]).toContain(first)
  await expect.poll(() => others(target)).toEqual([])
})

/** Reads as before, and calls when so many raw bytes were given. */
function cutAt(source: ReturnType<typeof countedSource>['source'], at: number, call: () => void) {
  return async function* (range: { start: number; end: number }) {
    let offset = range.start
    for await (const chunk of source.read(range)) {
      offset += chunk.byteLength
      if (offset > at) call()
      yield chunk
    }
  }
}

test('a server that stops', async () => {
  const archive = await two()
  const server = await startEmbeddedServer(findServerBinaries(ANY_MAJOR))
  try {
    const target = await server.createDatabase('copy')
    const { source } = countedSource(archive)
    let stopped: Promise<void> | undefined
    const read = async function* (range: { start: number; end: number }) {
      for await (const chunk of source.read(range)) {
        if (range.start > 0) await (stopped ??= server.stop())
        yield chunk
      }
    }
    await expect(restoreArchive({ ...source, read }, target, { jobs: 2 })).rejects.toMatchObject({
      code: 'postgres.lost',
      message: expect.stringContaining('is left incomplete'),
    })
  } finally {
    await server.stop()
  }
})

test('a spoiled frame stops what needs it, and nothing else', async () => {
  const archive = await two()
  const spoiled = withFlippedBit(archive, placeOf(archive, 'public.large') + 300_000)
  const whole = await testDatabase()
  await expect(restoreArchive(countedSource(spoiled).source, whole, { jobs: 2 })).rejects.toMatchObject({
    code: 'archive.corrupt',
    message: expect.stringMatching(/^frame \d+ of \d+ of memory has another SHA-256; .* is left incomplete/),
  })
  expect(await counts(whole, 'large')).toEqual({ large: 0 })
  const part = await testDatabase()
  await restoreArchive(countedSource(spoiled).source, part, { tables: ['first'] })
  expect(await counts(part, 'first')).toEqual({ first: 100 })
})

const made = (...more: EncodedEntry[]) => streamedSource(inChunks(encodeArchive([...SAMPLE.slice(0, 3), ...more]), 100))
const statement = (dumpId: number, tag: string, defn: string, dependencies: number[] = []): EncodedEntry => ({
  dumpId,
  desc: 'INDEX',
  tag,
  namespace: 'public',
  section: 4,
  defn,
  dependencies,
})

test('one failure ends what the others are doing on the server', async () => {
  const target = await testDatabase()
  const archive = made(
    { dumpId: 9, desc: 'TABLE', tag: 'other', namespace: 'public', section: 2, defn: 'CREATE TABLE public.other (name text);' },
    tableData(4, 'users', ['a\n']),
    statement(50, 'slow', 'SELECT pg_sleep(300)'),
    statement(51, 'wrong', 'CREATE INDEX wrong ON public.users (nope)'),
  ) // prettier-ignore
  await expect(restoreArchive(archive, target, { jobs: 2 })).rejects.toMatchObject({
    code: 'archive.restore',
    message: expect.stringContaining('restoring INDEX public.wrong: column "nope" does not exist'),
  })
  await expect.poll(() => others(target)).toEqual([])
})

test('an address where nobody listens: nothing is said of an incomplete database', async () => {
  const { source } = countedSource(await two())
  const error = await restoreArchive(source, { ...serverTarget(ANY_MAJOR), port: 1 }).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: 'postgres.unreachable' })
  expect(String(error)).not.toContain('incomplete')
})

test('a role that may not create', async () => {
  const { source } = countedSource(await two())
  const role = await testRole(await testDatabase(), ANY_MAJOR)
  await expect(restoreArchive(source, role)).rejects.toMatchObject({
    code: 'archive.restore',
    message: expect.stringMatching(/restoring TABLE public\.first: permission denied for schema public.*incomplete/),
    remedy: expect.stringContaining('restore as a role'),
  })
})

test('an owner that is not there is told before anything is made, and can be left out', async () => {
  const target = await testDatabase()
  const rows = tableData(4, 'users', ['a\n'])
  await expect(restoreArchive(made(rows), target, { owners: true })).rejects.toMatchObject({
    code: 'archive.restore',
    message: expect.stringContaining('lacks the role owner'),
    remedy: expect.stringContaining('--no-owner'),
  })
  await restoreArchive(made(rows), target)
  expect(await counts(target, 'users')).toEqual({ users: 1 })
})

test('a server that is older than the archive is named when it does not understand', async () => {
  const target = await testDatabase(MAJORS[0])
  const virtual = statement(50, 'v', 'CREATE TABLE public.v (a int, b int GENERATED ALWAYS AS (a) VIRTUAL)')
  await expect(restoreArchive(made(virtual), target)).rejects.toMatchObject({
    code: 'archive.restore',
    message: expect.stringContaining(`(the archive is of PostgreSQL 18.4, this server is ${MAJORS[0]})`),
    remedy: expect.stringContaining('not older'),
  })
})

test('a pg_dump that compressed the archive itself is refused before anything is made', async () => {
  const archive = streamedSource(inChunks(encodeArchive(SAMPLE, { compression: 1 }), 100))
  const target = await testDatabase()
  await expect(restoreArchive(archive, target)).rejects.toMatchObject({
    code: 'archive.corrupt',
    message: expect.stringContaining('gzip'),
  })
  expect(await execute(target, `SELECT FROM pg_class WHERE relname = 'users'`)).toEqual([])
})

test('what psql would take for a command is a fault of its statement, and runs nothing', async () => {
  const proof = join(testFolder(), 'proof')
  const target = await testDatabase()
  const evil = statement(50, 'evil', `SELECT 1;\n\\! touch ${proof}\n`)
  await expect(restoreArchive(made(evil), target)).rejects.toMatchObject({
    code: 'archive.restore',
    message: expect.stringContaining('restoring INDEX public.evil: syntax error at or near "\\"'),
  })
  expect(existsSync(proof)).toBe(false)
})

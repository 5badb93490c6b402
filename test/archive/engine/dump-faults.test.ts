// The dump while something happens to it half-way.
import { expect, onTestFinished, test } from 'vitest'
import type { DumpRequest } from '../../../lib/archive/engine/dump.ts'
import { wasmDump } from '../../../lib/archive/engine/wasm-dump.ts'
import { withClient } from '../../../lib/postgres/client.ts'
import type { Target } from '../../../lib/postgres/target.ts'
import { startEmbeddedServer } from '../../../lib/scratch/embedded-server.ts'
import { findServerBinaries } from '../../../lib/scratch/server-binaries.ts'
import { ANY_MAJOR, execute, serverTarget, testDatabase } from '../../support/database.ts'
import { tcpProxy } from '../../support/tcp-proxy.ts'
import { dump, dumpError } from './collect.ts'

const MEGABYTE = 1 << 20

/** More than our buffers and those of the kernel for a few sockets: so much is still under way when its first piece arrives. */
const MUCH = 200

/** A database whose dump has that many megabytes, though it is small itself. */
async function largeDatabase(megabytes: number): Promise<Target> {
  return await testDatabase(ANY_MAJOR, [
    `CREATE TABLE public.t (c text)`,
    `INSERT INTO public.t VALUES (repeat('0123456789abcdef', 65536))`,
    // Copies the compressed value as it is.
    `INSERT INTO public.t SELECT c FROM public.t, generate_series(2, ${megabytes})`,
  ])
}

/** The dump's own sessions, told from the tests' by what they run. */
async function backends(target: Target): Promise<{ state: string; wait_event: string; query: string }[]> {
  return await execute(
    serverTarget(ANY_MAJOR),
    `SELECT state, wait_event, query FROM pg_stat_activity WHERE datname = '${target.database}' AND application_name = 'raingauge'`,
  )
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 25))
}

const untilNoBackend = (target: Target) => until(async () => (await backends(target)).length === 0)

/** Reads a first piece of the archive, does the deed, and reads on; returns what the reading throws. */
async function disturbed(request: DumpRequest, deed: () => Promise<unknown> | void): Promise<unknown> {
  let done = false
  try {
    for await (const chunk of wasmDump(request).output) {
      if (chunk.length > 0 && !done) await deed()
      done = true
    }
  } catch (error) {
    return error
  }
  throw new Error('the dump ended as if nothing were wrong')
}

const terminate = (target: Target, which = 'true') =>
  execute(
    serverTarget(ANY_MAJOR),
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${target.database}' AND (${which})`,
  )

test('a terminated backend is a lost connection', async () => {
  const target = await largeDatabase(MUCH)
  expect(await disturbed({ target }, () => terminate(target))).toMatchObject({ code: 'postgres.lost' })
})

test('a terminated backend, in the words of the server where it can still say them', async () => {
  const target = await testDatabase(ANY_MAJOR, 'CREATE TABLE public.t ()')
  await withClient(target, 'testing', async (holder) => {
    await holder.query('BEGIN; LOCK TABLE public.t IN ACCESS EXCLUSIVE MODE')
    const failed = dumpError({ target })
    await until(async () => (await terminate(target, `wait_event_type = 'Lock'`)).length === 1)
    expect(await failed).toMatchObject({
      code: 'postgres.lost',
      message: expect.stringContaining('terminating connection due to administrator command'),
    })
  })
})

test('a database that is dropped during the dump', async () => {
  const target = await largeDatabase(MUCH)
  const error = await disturbed({ target }, () =>
    execute(serverTarget(ANY_MAJOR), `DROP DATABASE ${target.database} WITH (FORCE)`),
  )
  expect(error).toMatchObject({ code: 'postgres.lost' })
})

test.each(['disable', 'require'] as const)('a line that is cut, with sslmode=%s', async (sslMode) => {
  const target = { ...(await largeDatabase(8)), sslMode }
  for (const at of [0, 20, 2_000, 4 * MEGABYTE]) {
    const proxy = await tcpProxy(target, { harm: { kind: 'cut', at } })
    expect(await dumpError({ target: proxy.target }), `cut at ${at}`).toMatchObject({ code: 'postgres.lost' })
  }
  await untilNoBackend(target)
})

test('a line that garbles TLS', async () => {
  const target = { ...(await largeDatabase(4)), sslMode: 'require' } as const
  const proxy = await tcpProxy(target, { harm: { kind: 'corrupt', at: 2 * MEGABYTE } })
  expect(await dumpError({ target: proxy.target })).toMatchObject({ code: 'postgres.lost' })
})

test('a line that garbles the protocol', async () => {
  const target = { ...(await testDatabase()), sslMode: 'disable' } as const
  // In the first message: its length, and the method of authentication. Later: the salt, and the length of a parameter.
  for (const at of [1, 5, 30, 100, 200]) {
    const proxy = await tcpProxy(target, { harm: { kind: 'corrupt', at } })
    expect(await dumpError({ target: proxy.target }), `at ${at}`).toMatchObject({
      code: 'postgres.lost',
    })
  }
})

test('a server that falls silent is a stall, and its backend does not stay', async () => {
  const target = { ...(await largeDatabase(8)), sslMode: 'disable' } as const
  const proxy = await tcpProxy(target, { harm: { kind: 'stall', at: 4 * MEGABYTE } })
  expect(await dumpError({ target: proxy.target, stallTimeoutMs: 400 })).toMatchObject({ code: 'dump.stalled' })
  await untilNoBackend(target)
})

function fromFirstRow(archive: Buffer): Buffer {
  return archive.subarray(archive.indexOf('drop by drop 1\n'))
}

test('a slow line is no stall: the archive is whole, however long it takes', async () => {
  const database = await testDatabase(ANY_MAJOR, [
    'CREATE TABLE public.t (c text)',
    `INSERT INTO public.t SELECT 'drop by drop ' || n FROM generate_series(1, 40) n`,
  ])
  const target = { ...database, sslMode: 'disable' } as const
  const whole = fromFirstRow(await dump({ target }))
  // Longer in all than the stall timeout, but never so long without a byte.
  const proxy = await tcpProxy(target, { harm: { kind: 'slow', at: 1_000, bytes: 20_000, everyMs: 20 } })
  const slow = await dump({ target: proxy.target, stallTimeoutMs: 500 })
  expect(proxy.passed() / 20_000).toBeGreaterThan(500 / 20)
  expect(whole.length).toBeGreaterThan(40 * 20)
  expect(fromFirstRow(slow)).toEqual(whole)
})

test('a server that is stopped at once, as by pg_ctl stop -m immediate, is a lost connection', async () => {
  const server = await startEmbeddedServer(findServerBinaries(ANY_MAJOR))
  onTestFinished(() => server.stop())
  const target = await server.createDatabase('app')
  await execute(target, `CREATE TABLE public.t AS SELECT repeat('0123456789abcdef', 65536) AS c`)
  await execute(target, `INSERT INTO public.t SELECT c FROM public.t, generate_series(2, ${MUCH})`)
  const [row] = await execute<{ file: string }>(target, `SELECT pg_read_file('postmaster.pid') AS file`)
  const pid = Number.parseInt(row?.file ?? '')
  expect(await disturbed({ target }, () => void process.kill(pid, 'SIGQUIT'))).toMatchObject({ code: 'postgres.lost' })
})

test('a slow consumer stops the server, holds little, is no stall, and gets everything in the end', async () => {
  const target = { ...(await largeDatabase(MUCH)), sslMode: 'disable' } as const
  const proxy = await tcpProxy(target)
  const output = wasmDump({ target: proxy.target, stallTimeoutMs: 2_000 }).output[Symbol.asyncIterator]()
  let taken = (await output.next()).value?.length ?? 0
  await until(async () => (await backends(target)).some((backend) => backend.wait_event === 'ClientWrite'))
  let before = -1
  // At least two rounds, which is longer than the stall timeout, and until not a byte moves any more.
  while (before !== proxy.passed()) {
    before = proxy.passed()
    await new Promise((resolve) => setTimeout(resolve, 1_500))
  }
  // 16 MiB of output, 1 MiB of ring, and what the kernel holds of one connection: up to 32 MiB received and 4 MiB sent by default.
  expect(proxy.passed()).toBeLessThan(64 * MEGABYTE)
  for (let next = await output.next(); next.done !== true; next = await output.next()) taken += next.value.length
  expect(taken).toBeGreaterThan(MUCH * MEGABYTE)
})

test('a consumer that leaves early leaves no session behind', async () => {
  const target = await largeDatabase(MUCH)
  for await (const chunk of wasmDump({ target }).output) {
    expect(chunk.length).toBeGreaterThan(0)
    break
  }
  await untilNoBackend(target)
})

test('a consumer that throws gets its own error, and leaves no session behind', async () => {
  const target = await largeDatabase(MUCH)
  const failing = async () => {
    for await (const _ of wasmDump({ target }).output) throw new Error('the disk is full')
  }
  await expect(failing()).rejects.toThrow('the disk is full')
  await untilNoBackend(target)
})

test('an abort ends the dump at once, with the reason given, also while it waits for a lock', async () => {
  const target = await testDatabase(ANY_MAJOR, 'CREATE TABLE public.t ()')
  const abort = new AbortController()
  await withClient(target, 'testing', async (holder) => {
    await holder.query('BEGIN; LOCK TABLE public.t IN ACCESS EXCLUSIVE MODE')
    const failed = dumpError({ target, signal: abort.signal })
    await until(async () => (await backends(target)).some((backend) => /^LOCK TABLE .*SHARE/.test(backend.query)))
    abort.abort()
    expect(await failed).toMatchObject({ name: 'AbortError' })
    // Only the holder is left: the waiting backend was cancelled, for the lock is still held.
    await until(async () => (await backends(target)).length === 1)
  })
  expect(await dumpError({ target, signal: AbortSignal.abort() })).toMatchObject({ name: 'AbortError' })
})

test('a table that stays locked', async () => {
  const target = await testDatabase(ANY_MAJOR, 'CREATE TABLE public.t ()')
  await withClient(target, 'testing', async (holder) => {
    await holder.query('BEGIN; LOCK TABLE public.t IN ACCESS EXCLUSIVE MODE')
    expect(await dumpError({ target, lockWaitTimeoutMs: 200 })).toMatchObject({ code: 'postgres.locked' })
  })
  expect((await dump({ target })).length).toBeGreaterThan(0)
})

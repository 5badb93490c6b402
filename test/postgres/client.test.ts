import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { renewSnapshot, withClient, withSnapshot } from '../../lib/postgres/client.ts'
import { parseTarget, type Target } from '../../lib/postgres/target.ts'
import { Secret } from '../../lib/secret.ts'
import { ANY_MAJOR, execute, serverTarget, targetUrl, testDatabase, testRole } from '../support/database.ts'

const CA = fileURLToPath(new URL('../support/tls/ca.crt', import.meta.url))

async function silentServer(): Promise<Target> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return parseTarget(
    `postgres://someone:hunter22@127.0.0.1:${(server.address() as AddressInfo).port}/app?sslmode=disable`,
  )
}

const ask = (target: Target, options = {}) =>
  withSnapshot(target, 'testing', (client) => client.query<{ one: number }>('SELECT 1 AS one'), options)

test('a snapshot can read, and can write nothing', async () => {
  const target = await testDatabase()
  expect((await ask(target)).rows).toEqual([{ one: 1 }])
  await expect(withSnapshot(target, 'testing', (client) => client.query('CREATE TABLE public.t ()'))).rejects.toThrow(
    'read-only transaction',
  )
})

test('a renewed snapshot sees what was committed since, and can write as little', async () => {
  const target = await testDatabase(ANY_MAJOR, 'CREATE TABLE public.t (n int)')
  await withSnapshot(target, 'testing', async (client) => {
    const rows = async () => (await client.query('SELECT n FROM public.t')).rows
    expect(await rows()).toEqual([])
    await execute(target, 'INSERT INTO public.t VALUES (1)')
    expect(await rows()).toEqual([])
    await renewSnapshot(client)
    expect(await rows()).toEqual([{ n: 1 }])
    await expect(client.query('DELETE FROM public.t')).rejects.toThrow('read-only transaction')
  })
})

test('the URL of a target leads back to it, whatever the password holds', async () => {
  const target = serverTarget(ANY_MAJOR)
  expect((await ask(parseTarget(targetUrl(target)))).rows).toHaveLength(1)
})

test('TLS: verified by the right root, refused by any other, refused for another name', async () => {
  const target = { ...serverTarget(ANY_MAJOR), sslMode: 'verify-full' } as const
  const secure = await withClient({ ...target, sslRootCert: CA }, 'testing', (client) =>
    client.query<{ ssl: boolean }>('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()'),
  )
  expect(secure.rows).toEqual([{ ssl: true }])
  await expect(ask(target)).rejects.toMatchObject({ code: 'postgres.tls' })
  await expect(ask({ ...target, sslRootCert: '/nowhere.crt' })).rejects.toMatchObject({ code: 'postgres.tls' })
})

test.each([
  ['a wrong password', { password: new Secret('wrong') }, 'postgres.authentication'],
  ['no password', { password: undefined }, 'postgres.authentication'],
  ['no such database', { database: 'nowhere' }, 'postgres.not-found'],
  ['an unknown host', { host: 'no-such-host.invalid' }, 'postgres.unreachable'],
  ['a closed port', { port: 1 }, 'postgres.unreachable'],
  ['a socket folder without a server', { host: '/nowhere' }, 'postgres.unreachable'],
])('%s is told apart, with a remedy and without the password', async (_, change, code) => {
  const target = { ...serverTarget(ANY_MAJOR), ...change }
  const error = await ask(target).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code, remedy: expect.any(String) })
  expect(String(error)).not.toContain(serverTarget(ANY_MAJOR).password?.reveal())
})

test('a server that accepts and never answers is a timeout, not a wait for ever', async () => {
  await expect(ask(await silentServer(), { connectTimeoutMs: 300 })).rejects.toMatchObject({ code: 'postgres.timeout' })
})

test('a query that takes too long is a timeout', async () => {
  const slow = withSnapshot(await testDatabase(), 'testing', (client) => client.query('SELECT pg_sleep(20)'), {
    queryTimeoutMs: 300,
  })
  await expect(slow).rejects.toMatchObject({ code: 'postgres.timeout' })
})

test('missing rights are told apart', async () => {
  const target = await testDatabase(ANY_MAJOR, 'CREATE TABLE public.t ()')
  const stranger = await testRole(target, ANY_MAJOR)
  await expect(withSnapshot(stranger, 'testing', (client) => client.query('TABLE public.t'))).rejects.toMatchObject({
    code: 'postgres.permission',
  })
})

test('a session that is terminated is a lost connection', async () => {
  const target = await testDatabase()
  const lost = withClient(target, 'testing', async (client) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    await execute(target, `SELECT pg_terminate_backend(${rows[0]?.pid})`)
    await client.query('SELECT 1')
  })
  await expect(lost).rejects.toMatchObject({ code: 'postgres.lost' })
})

test('an abort cuts the connection', async () => {
  const abort = new AbortController()
  const target = await testDatabase()
  const cut = withClient(
    target,
    'testing',
    async (client) => {
      await client.query('SELECT 1')
      const asleep = client.query('SELECT pg_sleep(20)')
      abort.abort()
      await asleep
    },
    { signal: abort.signal },
  )
  await expect(cut).rejects.toMatchObject({ name: 'AbortError' })
})

test('an abort while connecting is not forgotten', async () => {
  const abort = new AbortController()
  const cut = withClient(await testDatabase(), 'testing', (client) => client.query('SELECT pg_sleep(20)'), {
    signal: abort.signal,
  })
  abort.abort()
  await expect(cut).rejects.toMatchObject({ name: 'AbortError' })
})

test.each([
  ['mysql://a@b/c', 'is not a Postgres URL'],
  ['nonsense', 'is not a Postgres URL'],
  ['postgres://host/db', 'names no user'],
  ['postgres://u:100%@host/db', 'percent'],
  ['postgres://u:hunter22@host/db?sslmode=maybe', 'unknown sslmode'],
  ['postgres://u@host/db?port=hunter22', 'has a port that is none'],
])('%s is refused, without repeating it', (url, words) => {
  const error = (() => {
    try {
      return parseTarget(url)
    } catch (caught) {
      return caught
    }
  })()
  expect(error).toMatchObject({ code: 'config.invalid' })
  expect(`${error}${(error as { remedy: string }).remedy}`).toContain(words)
  expect(String(error)).not.toContain('hunter22')
})

import { expect, test } from 'vitest'
import { parseTarget } from '../../../lib/postgres/target.ts'
import { Secret } from '../../../lib/secret.ts'
import { ANY_MAJOR, execute, serverTarget, testDatabase, testRole } from '../../support/database.ts'
import { rudeServer } from '../../support/rude-server.ts'
import { tcpProxy } from '../../support/tcp-proxy.ts'
import { dumpError } from './collect.ts'

test.each([
  ['a wrong password', { password: new Secret('wrong password') }, 'postgres.authentication'],
  ['no password', { password: undefined }, 'postgres.authentication'],
  ['no such database', { database: 'nowhere' }, 'postgres.not-found'],
  ['an unknown host', { host: 'no-such-host.invalid' }, 'postgres.unreachable'],
  ['a closed port', { port: 1 }, 'postgres.unreachable'],
  ['a socket folder without a server', { host: '/nowhere' }, 'postgres.unreachable'],
])('%s is told apart, with a remedy and without the password', async (_, change, code) => {
  const target = { ...serverTarget(ANY_MAJOR), ...change }
  const error = await dumpError({ target })
  expect(error).toMatchObject({ code, remedy: expect.any(String) })
  expect(error.message).toContain(`${target.user}@${target.host}:${target.port}/${target.database}`)
  const everything = `${error.stack} ${JSON.stringify(error)} ${(error.cause as Error | undefined)?.stack}`
  expect(everything).not.toContain(serverTarget(ANY_MAJOR).password?.reveal())
  expect(everything).not.toContain('wrong password')
})

const HTTP = 'HTTP/1.1 400 Bad Request\r\n\r\n'

test.each([
  ['answers nothing', 'disable', undefined, 'postgres.timeout'],
  ['answers nothing', 'require', undefined, 'postgres.timeout'],
  ['has no TLS', 'require', 'N', 'postgres.tls'],
  ['speaks HTTP', 'require', HTTP, 'postgres.unreachable'],
  ['speaks HTTP', 'disable', HTTP, 'postgres.unreachable'],
  ['hangs up', 'disable', '', 'postgres.lost'],
  ['hangs up', 'require', '', 'postgres.lost'],
] as const)('a server that %s, with sslmode=%s', async (_, sslMode, answer, code) => {
  const target = await rudeServer((socket) => {
    if (answer !== undefined) socket.end(answer)
  }, sslMode)
  const error = await dumpError({ target, ...(answer === undefined ? { connectTimeoutMs: 800 } : {}) })
  expect(error).toMatchObject({ code })
  expect(String(error)).not.toContain('hunter22')
})

test('a server newer than pg_dump is refused as that', async () => {
  const { target } = await tcpProxy(
    { ...serverTarget(18), sslMode: 'disable' },
    {
      rewrite: (bytes) =>
        Buffer.from(bytes.toString('latin1').replace('server_version\x0018', 'server_version\x0019'), 'latin1'),
    },
  )
  const error = await dumpError({ target })
  expect(error).toMatchObject({ code: 'dump.version', remedy: expect.stringContaining('native pg_dump') })
  expect(error.message).toContain('server version: 19')
})

test('missing rights come with the GRANT that mends them', async () => {
  const target = await testDatabase(ANY_MAJOR, 'CREATE TABLE public."Odd Name" ()')
  const stranger = await testRole(target, ANY_MAJOR)
  expect(await dumpError({ target: stranger })).toMatchObject({
    code: 'postgres.permission',
    message: expect.stringContaining('permission denied for table Odd Name'),
    remedy: `GRANT SELECT ON public."Odd Name" TO "${stranger.user}", or GRANT pg_read_all_data TO "${stranger.user}" for everything`,
  })
  await execute(target, `DROP TABLE public."Odd Name"; CREATE SCHEMA closed; CREATE TABLE closed.t ()`)
  expect(await dumpError({ target: stranger })).toMatchObject({
    code: 'postgres.permission',
    remedy: expect.stringContaining(`GRANT USAGE ON SCHEMA "closed" TO "${stranger.user}"`),
  })
  await execute(target, `DROP SCHEMA closed CASCADE; CREATE SEQUENCE public.s`)
  expect(await dumpError({ target: stranger })).toMatchObject({
    code: 'postgres.permission',
    remedy: expect.stringMatching(`GRANT SELECT ON SEQUENCE .*s"? TO "${stranger.user}"`),
  })
})

test('row-level security that would hide rows is an error, and BYPASSRLS the remedy', async () => {
  const target = await testDatabase(ANY_MAJOR, [
    'CREATE TABLE public.t (c text)',
    'ALTER TABLE public.t ENABLE ROW LEVEL SECURITY',
  ])
  const reader = await testRole(target, ANY_MAJOR)
  await execute(target, `GRANT pg_read_all_data TO ${reader.user}`)
  expect(await dumpError({ target: reader })).toMatchObject({
    code: 'postgres.permission',
    remedy: expect.stringContaining(`ALTER ROLE "${reader.user}" BYPASSRLS`),
  })
})

test.each([
  'postgres://u@ep-cool-1234-pooler.eu-central-1.aws.neon.tech/app',
  'postgres://postgres.abcdef@aws-0-eu-central-1.pooler.supabase.com:6543/postgres',
])('a pooled URL is refused before anything is tried: %s', async (url) => {
  expect(await dumpError({ target: parseTarget(url) })).toMatchObject({
    code: 'config.invalid',
    remedy: expect.stringMatching(
      /ep-cool-1234\.eu-central-1\.aws\.neon\.tech:5432|db\.abcdef\.supabase\.co:5432 with the user postgres/,
    ),
  })
})

import { getCACertificates } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import pg from 'pg'
import { expect, test } from 'vitest'
import { withClient } from '../../lib/postgres/client.ts'
import { classifyPostgresError } from '../../lib/postgres/classify-error.ts'
import { withIamLogin, type TokenRequest } from '../../lib/postgres/rds-iam.ts'
import { signRdsToken } from '../../lib/postgres/sign-rds-token.ts'
import { parseTarget, type Target } from '../../lib/postgres/target.ts'
import { tlsOptions } from '../../lib/postgres/tls.ts'
import { ANY_MAJOR, execute, testDatabase, testRole } from '../support/database.ts'
import { dump } from '../archive/engine/collect.ts'

const CA = fileURLToPath(new URL('../support/tls/ca.crt', import.meta.url))
const HOST = 'mydb.abcdefghijkl.eu-central-1.rds.amazonaws.com'
const credentials = () => Promise.resolve({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a secret key' })
const never = () => Promise.reject(new Error('nobody may sign here'))

/** A target whose server takes a token as the role's password, that token, and how often it was asked for. */
async function tokenTarget(admin: Target): Promise<{ target: Target; token: string; asked: TokenRequest[] }> {
  const role = { ...(await testRole(admin, ANY_MAJOR)), password: undefined, sslRootCert: CA }
  const place = { hostname: role.host, port: role.port, username: role.user, region: 'eu-central-1' }
  const token = await signRdsToken(place, credentials)
  await execute(admin, `ALTER ROLE ${pg.escapeIdentifier(role.user)} PASSWORD ${pg.escapeLiteral(token)}`)
  const asked: TokenRequest[] = []
  const sign = (request: TokenRequest) => Promise.resolve(asked.push(request) > 0 ? token : '')
  return { target: withIamLogin(role, { region: 'eu-central-1' }, sign), token, asked }
}

test('queries and dumps log in, each connection with a token made for it, over verified TLS', async () => {
  const admin = await testDatabase(ANY_MAJOR, 'CREATE TABLE public.t ()')
  const { target, token, asked } = await tokenTarget(admin)
  await execute(admin, `GRANT pg_read_all_data TO ${target.user}`)
  expect(target.sslMode).toBe('verify-full')
  const [row] = await withClient(target, 'testing', async (client) => {
    return (await client.query<{ ssl: boolean }>('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).rows
  })
  expect(row).toEqual({ ssl: true })
  expect((await dump({ target })).subarray(0, 5).toString()).toBe('PGDMP')
  expect(asked).toHaveLength(2)
  const { host, searchParams } = new URL(`https://${token}`)
  expect(host).toBe(`${target.host}:${target.port}`)
  expect(Object.fromEntries(searchParams)).toMatchObject({
    Action: 'connect',
    DBUser: target.user,
    'X-Amz-Credential': expect.stringContaining('/eu-central-1/rds-db/aws4_request'),
    'X-Amz-Expires': '900',
  })
  expect(inspect(target, { depth: 9 }) + JSON.stringify(target)).not.toContain('X-Amz-Signature')
})

test('a token that the server refuses is not in what is said of it', async () => {
  const { target } = await tokenTarget(await testDatabase())
  const refused = withIamLogin({ ...target, makeToken: undefined }, { region: 'eu-central-1' }, () => signRdsToken({ hostname: 'other', port: 1, username: 'other', region: 'x' }, credentials)) // prettier-ignore
  const failures = [withClient(refused, 'testing', () => Promise.resolve()), dump({ target: refused })]
  for (const failure of await Promise.allSettled(failures)) {
    expect(failure).toMatchObject({ status: 'rejected', reason: { code: 'postgres.authentication' } })
    expect(inspect(failure, { depth: 9 })).not.toContain('X-Amz-Signature')
  }
})

test('credentials that cannot be had are the reason, with what to do', async () => {
  const target = withIamLogin(
    { ...(await testDatabase()), password: undefined, sslRootCert: CA },
    { region: 'x' },
    never,
  )
  for (const attempt of [() => withClient(target, 'testing', () => Promise.resolve()), () => dump({ target })]) {
    await expect(attempt()).rejects.toMatchObject({
      code: 'postgres.authentication',
      message: expect.stringContaining('nobody may sign here'),
      remedy: expect.stringContaining('rds-db:connect'),
    })
  }
})

test('the region of the host name, and what the URL may not say', async () => {
  const asked: TokenRequest[] = []
  const sign = (request: TokenRequest) => Promise.resolve(`token ${asked.push(request)}`)
  const target = withIamLogin(parseTarget(`postgres://app@${HOST}:5433/shop`), { region: null }, sign)
  expect((await target.makeToken?.())?.reveal()).toBe('token 1')
  expect(asked).toEqual([{ hostname: HOST, port: 5433, username: 'app', region: 'eu-central-1' }])
  for (const [url, words] of [
    [`postgres://app@db.example.com/shop`, 'tells no region'],
    [`postgres://app:hunter22@${HOST}/shop`, 'has a password'],
    [`postgres://app@${HOST}/shop?sslmode=disable`, 'switches TLS off'],
  ] as const) {
    expect(() => withIamLogin(parseTarget(url), { region: null }, sign)).toThrow(words)
  }
  expect(withIamLogin(parseTarget(`postgres://app@${HOST}/shop?sslmode=require`), { region: null }, sign).sslMode).toBe('require') // prettier-ignore
})

test('how RDS refuses is told with what to grant', () => {
  const refusal = Object.assign(new Error('PAM authentication failed for user "app"'), { code: '28000' })
  expect(classifyPostgresError(refusal, parseTarget(`postgres://app@${HOST}/shop`), 'testing')).toMatchObject({
    code: 'postgres.authentication',
    remedy: expect.stringContaining('GRANT rds_iam'),
  })
})

test('a certificate of RDS that is not trusted comes with where its roots are', () => {
  const untrusted = Object.assign(new Error('self-signed certificate'), { code: 'SELF_SIGNED_CERT_IN_CHAIN' })
  const remedy = (host: string) =>
    classifyPostgresError(untrusted, parseTarget(`postgres://app@${host}/shop`), 'testing').remedy
  expect(remedy(HOST)).toContain('truststore.pki.rds.amazonaws.com')
  expect(remedy('db.example.com')).not.toContain('rds')
})

test('sslrootcert=system trusts what the system trusts, and what Node does', () => {
  const roots = tlsOptions(parseTarget(`postgres://app@${HOST}/shop?sslmode=verify-full&sslrootcert=system`))
  expect(roots).toMatchObject({
    ca: expect.arrayContaining(getCACertificates('bundled').slice(0, 5)),
    servername: HOST,
  })
})

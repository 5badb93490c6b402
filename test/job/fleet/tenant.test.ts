import { expect, test } from 'vitest'
import type { Fleet } from '../../../lib/config/fleet-config.ts'
import { fillIn, tenantReach } from '../../../lib/job/fleet/reach-tenant.ts'
import { parseLines, parseTenants } from '../../../lib/job/fleet/tenant.ts'
import type { Edge } from '../../../lib/job/open-context.ts'
import { parseJson } from '../../../lib/parse-json.ts'
import { passwordOf } from '../../../lib/postgres/password.ts'
import { Secret } from '../../../lib/secret.ts'

test('a row needs a name alone; what is null is not there', () => {
  expect(
    parseTenants([{ name: 'Acme & Söhne' }, { name: 'b', database: 'tenant_2', server: 'db-2', url: null }]),
  ).toEqual([
    { name: 'Acme & Söhne', database: 'Acme & Söhne', server: '' },
    { name: 'b', database: 'tenant_2', server: 'db-2' },
  ])
})

test('databases with a URL of their own are on the server that it names', () => {
  const urls = ['postgres://u:p@db-1:6432/a', 'postgres://u@localhost/a?host=%2Frun%2Fpg', 'nonsense']
  expect(parseTenants(urls.map((url, index) => ({ name: `t${index}`, url }))).map(({ server }) => server)).toEqual([
    'db-1:6432',
    '/run/pg',
    '',
  ])
})

test('rows that say nothing usable are databases that cannot be looked at, and hide no others', () => {
  const rows = parseLines('{"name":"a"}\n\nnonsense\n{"name":""}\n{"name":"a"}\n{"database":"x"}\n', parseJson)
  expect(parseTenants(rows).map(({ name, fault }) => `${name}: ${fault ?? 'fine'}`)).toEqual([
    'a: fine',
    expect.stringMatching(/^row 2 of the list: row 2/),
    expect.stringMatching(/^row 3 of the list: .*name/),
    expect.stringMatching(/^a \(row 4 of the list\): .*another row/),
    expect.stringMatching(/^row 5 of the list: .*name/),
  ])
})

test('the URL for all gets database and server, which cannot break out of their place', () => {
  const template = 'postgres://watch:pw@{server}/{database}?sslmode=verify-full'
  expect(fillIn(template, { database: 'tenant 1/2?x', server: 'db-1:6432' })).toBe(
    'postgres://watch:pw@db-1:6432/tenant%201%2F2%3Fx?sslmode=verify-full',
  )
  expect(() => fillIn(template, { database: 'a', server: 'evil@elsewhere' })).toThrow('no host name')
  expect(() => fillIn(template, { database: 'a', server: '' })).toThrow('wants a {server}')
  expect(() => fillIn('postgres://watch@db/app', { database: 'a', server: '' })).toThrow('no {database}')
})

test('with iam, every way in is without a password and gets tokens', async () => {
  const host = 'db-1.abcdefghijkl.eu-central-1.rds.amazonaws.com'
  const asked: unknown[] = []
  const sign = (request: unknown): Promise<string> => {
    asked.push(request)
    return Promise.resolve('token')
  }
  const url = { kind: 'value', value: new Secret(`postgres://watch@${host}/{database}`) } as const
  const limits = { secrets: null, atOnce: 1, perServer: 1, schedule: 'rate(1 hour)' }
  const fleet: Fleet = { list: { kind: 'file', file: 'tenants.jsonl' }, url, iam: { region: null }, ...limits }
  const reach = tenantReach(fleet, { signRdsToken: sign } as Partial<Edge> as Edge)
  const target = await reach({ name: 'a', database: 'a', server: '' })
  expect((await passwordOf(target))?.reveal()).toBe('token')
  expect(asked).toEqual([{ hostname: host, port: 5432, username: 'watch', region: 'eu-central-1' }])
  const own = { name: 'b', database: 'b', server: '', url: `postgres://watch:hunter22@${host}/b` }
  await expect(reach(own)).rejects.toThrow(/has a password(?!.*hunter22)/)
})

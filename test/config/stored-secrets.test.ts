// Secrets that lie in AWS, from what a person writes to the document of the functions.
import { expect, test } from 'vitest'
import { deserializeConfig, serializeConfig } from '../../lib/config/config-document.ts'
import type { RaingaugeConfig } from '../../lib/config/config.ts'
import { parseConfig } from '../../lib/config/parse-config.ts'

const ENVIRONMENTS = [
  { name: 'staging', url: { parameter: '/app/staging' } },
  { name: 'production', url: { secret: 'app/watch' }, backupUrl: { parameter: '/app/dump' }, at: 'db:5433/app' },
]

function parse(changes: Partial<RaingaugeConfig> = {}) {
  return parseConfig({ environments: ENVIRONMENTS, ...changes }, { source: 'test', base: '/app', variables: {} })
}

test('secrets and parameters go through the document by name, each with the login of backups where there is one', () => {
  const { environments } = deserializeConfig(serializeConfig(parse()))
  expect(environments).toEqual([
    { name: 'staging', url: { kind: 'parameter', id: '/app/staging' } },
    {
      name: 'production',
      url: { kind: 'secrets-manager', id: 'app/watch' },
      backupUrl: { kind: 'parameter', id: '/app/dump' },
      at: { host: 'db', port: 5433, database: 'app' },
    },
  ])
})

test('a login of backups that is written out is refused for a template, without a word of it', () => {
  const environments = [{ name: 'production', url: { secret: 'app/watch' }, backupUrl: 'postgres://u:hunter22@h/d' }]
  const serialize = () => serializeConfig(parse({ environments }))
  expect(serialize).toThrow(/environments \(production\): backupUrl: is a value/)
  expect(serialize).not.toThrow(/hunter22/)
})

test('the JSON of RDS stands for a URL, also where it is written out; a broken one is a fault of its place', () => {
  const json = '{"host":"db","username":"app","password":"hunter22"}'
  expect(parse({ environments: [{ name: 'production', url: json }] }).environments[0]?.url.kind).toBe('value')
  const broken = () => parse({ environments: [{ name: 'production', url: '{"host":"db","password":"hunter22"}' }] })
  expect(broken).toThrow(/environments\[0\]\.url \(production\): the JSON of the database has a wrong "username"/)
  expect(broken).not.toThrow(/hunter22/)
  const lost = () => parse({ environments: [{ name: 'production', url: { secret: 'x' }, at: 'nowhere at all' }] })
  expect(lost).toThrow(/environments\[0\]\.at: "nowhere at all" is no place of a database/)
})

test('keys of secrets are ARNs of KMS, and copies are kept for five weeks unless said', () => {
  expect(() => parse({ deploy: { secretKeys: ['alias/mine'] } })).toThrow(/deploy\.secretKeys\[0\]: must be the ARN/)
  expect(parse({ deploy: { replica: { region: 'eu-west-1' } } }).deploy.replica).toEqual({
    region: 'eu-west-1',
    days: 35,
  })
  expect(parse().deploy).toMatchObject({ replica: null, vpc: null, secretKeys: [] })
})

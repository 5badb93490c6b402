import { expect, test } from 'vitest'
import { deserializeConfig, serializeConfig } from '../../lib/config/config-document.ts'
import type { RaingaugeConfig } from '../../lib/config/config.ts'
import type { FleetConfig } from '../../lib/config/fleet-config.ts'
import { parseConfig } from '../../lib/config/parse-config.ts'

function parse(fleet: unknown, more: Partial<RaingaugeConfig> = {}) {
  const environments = [{ name: 'staging', url: { secret: 'shop/staging' } }]
  return parseConfig({ project: 'shop', environments, fleet, ...more }, { source: 'test', base: '/', variables: {} })
}

test.each<[string, FleetConfig['databases'], unknown]>([
  [
    'a query',
    { query: 'SELECT name FROM public.tenants', url: { secret: 'shop/catalogue' } },
    { kind: 'query', query: 'SELECT name FROM public.tenants', url: { kind: 'secrets-manager', id: 'shop/catalogue' } },
  ],
  ['a file in the store', { file: 'tenants.jsonl' }, { kind: 'file', file: 'tenants.jsonl' }],
  [
    'a parameter',
    { parameter: '/shop/tenants' },
    { kind: 'parameter', lines: { kind: 'parameter', id: '/shop/tenants' } },
  ],
])('the list may be %s; the rest has defaults, and functions read it back', (_, databases, list) => {
  const config = parse({ databases })
  expect(config.fleet).toEqual({ list, url: null, secrets: null, atOnce: 20, perServer: 2, schedule: 'rate(1 hour)' })
  expect(deserializeConfig(serializeConfig(config)).fleet).toEqual(config.fleet)
})

test.each([
  ['no list', {}, /fleet\.databases/],
  ['a file outside of its folder', { databases: { file: '../state/shop/staging.json' } }, /fleet\.databases/],
  ['more guests than anybody has', { databases: { file: 'a' }, perServer: 1_000 }, /fleet\.perServer/],
  ['every secret there is', { databases: { file: 'a' }, secrets: '*' }, /fleet\.secrets/],
])('%s is refused, with its place', (_, fleet, place) => {
  expect(() => parse(fleet)).toThrow(place)
})

test('no environment may be called as the fleet is told, and rules may be about the fleet', () => {
  const databases = { file: 'tenants.jsonl' }
  const environments = [{ name: 'fleet', url: { secret: 'shop/staging' } }]
  expect(() => parse({ databases }, { environments })).toThrow(/environments: fleet is what the fleet is told as/)
  const schema = { ignore: [{ name: 'public.audit*', environment: 'fleet', reason: 'by hand' }] }
  expect(parse({ databases }, { schema }).schema.ignore).toHaveLength(1)
  expect(() => parse(undefined, { schema })).toThrow(/there is no environment "fleet"/)
})

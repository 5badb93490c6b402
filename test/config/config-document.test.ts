import { expect, test } from 'vitest'
import { deserializeConfig, serializeConfig } from '../../lib/config/config-document.ts'
import { parseConfig } from '../../lib/config/parse-config.ts'

const parse = (url: string | { secret: string }, webhook: string | { secret: string }) =>
  parseConfig(
    { project: 'app', store: 's3://bucket', environments: [{ name: 'production', url }], slack: { webhook } },
    { source: 'test', base: '/app', variables: {} },
  )

test('what deploy time writes, run time reads', () => {
  const config = parse({ secret: 'app/url' }, { secret: 'app/webhook' })
  const { deploy: _, metricsFile: __, ...kept } = config
  expect(deserializeConfig(serializeConfig(config))).toEqual(kept)
})

test('the rules of the schema check travel with it', () => {
  const schema = {
    ignore: [{ name: 'app.*', reason: 'made by the DBA', expires: '2026-12-31' }],
    severity: [{ class: 'index', severity: 'info' as const }],
  }
  const config = { ...parse({ secret: 'app/url' }, { secret: 'app/webhook' }), schema }
  expect(deserializeConfig(serializeConfig(config)).schema).toEqual(schema)
  const [rule] = schema.ignore
  const broken = JSON.stringify({
    ...deserializeConfig(serializeConfig(config)),
    schema: { ...schema, ignore: [{ ...rule, reason: '' }] },
  })
  expect(() => deserializeConfig(broken)).toThrow(/schema\.ignore/)
})

test('a secret written out is refused, every one of them, and not repeated', () => {
  const config = parse('postgres://u:hunter22@h/app', 'https://hooks.slack.com/services/T/B/hunter22')
  const write = () => serializeConfig(config)
  expect(write).toThrow(/environments \(production\).*slack\.webhook/)
  expect(write).not.toThrow(/hunter22/)
})

test.each([['nonsense'], ['{}'], ['null']])('%s is refused', (text) => {
  expect(() => deserializeConfig(text)).toThrow(expect.objectContaining({ code: 'config.invalid' }))
})

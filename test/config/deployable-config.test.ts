import { describe, expect, test } from 'vitest'
import { ConfigError } from '../../lib/config/config-error.ts'
import type { RaingaugeConfig } from '../../lib/config/config.ts'
import { deployableConfig } from '../../lib/config/deployable-config.ts'
import { parseConfig } from '../../lib/config/parse-config.ts'

const SECRET = { secret: 'shop/url' }

describe('a configuration to deploy', () => {
  test('may be written, with paths from its base, or parsed', () => {
    const written = { environments: [{ name: 'production', url: SECRET }] }
    const config = deployableConfig(written, '/srv/Shop')
    expect(config).toMatchObject({ project: 'shop', migrations: '/srv/Shop/migrations', deploy: { postgresMajor: 17 } })
    expect(deployableConfig(config, '/elsewhere')).toBe(config)
  })

  test('is refused for every fault at once, and for each secret that is not given by reference', () => {
    const written: RaingaugeConfig = {
      project: 'No Name',
      environments: [
        { name: 'staging', url: { env: 'DATABASE_URL_STAGING' } },
        { name: 'production', url: 'postgres://app:hunter22@production.example.com/app' },
      ],
      slack: { webhook: SECRET },
    }
    const faults = faultsOf(() => deployableConfig(written, '/srv'))
    expect(faults.map(({ place }) => place)).toEqual([
      'config: project',
      'config: environments[0].url (staging)',
      'config: environments[1].url (production)',
    ])
    expect(faults[1]).toMatchObject({ remedy: expect.stringContaining('{ secret:') as string })
    expect(JSON.stringify(faults)).not.toContain('hunter22')
  })

  test('is refused for a parsed one that holds a value', () => {
    const written = { environments: [{ name: 'production', url: { env: 'URL' } }] }
    const variables = { URL: 'postgres://app:hunter22@production.example.com/app' }
    const parsed = parseConfig(written, { source: 'test', base: '/', variables })
    expect(faultsOf(() => deployableConfig(parsed, '/'))).toEqual([
      expect.objectContaining({ place: 'environments (production)' }),
    ])
  })
})

function faultsOf(act: () => unknown): ConfigError['faults'] {
  try {
    act()
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
  throw new Error('nothing was refused')
}

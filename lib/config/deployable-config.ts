import { serializeConfig } from './config-document.ts'
import type { Config, RaingaugeConfig } from './config.ts'
import { parseConfig } from './parse-config.ts'

/**
 * What a stack is made from: the configuration as a person wrote it, with paths relative to `base`, or one that is parsed already.
 * Throws `ConfigError` with every fault; a secret that is not given by reference is one.
 */
export function deployableConfig(config: RaingaugeConfig | Config, base: string): Config {
  const parsed = isParsed(config) ? config : parseConfig(config, { source: 'config', base, variables: null })
  serializeConfig(parsed)
  return parsed
}

/** Complete as it is, a parsed one has what nobody writes. */
function isParsed(config: RaingaugeConfig | Config): config is Config {
  return 'slackWebhook' in config
}

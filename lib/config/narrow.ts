import { ConfigError } from './config-error.ts'

/** What a configuration was narrowed to, and the environments that are left out of it. */
export type Narrowed = { narrowed: { to: string; others: string[] } }

/**
 * The configuration with one environment of it alone. `place`: where the name was given. Throws
 * {@link ConfigError} for a name that there is not.
 */
export function narrowTo<T extends { environments: readonly { name: string }[] }>(
  config: T,
  name: string,
  place = 'ENV',
): T & Narrowed {
  const environments = config.environments.filter((environment) => environment.name === name)
  const others = config.environments.flatMap((each) => (each.name === name ? [] : [each.name]))
  if (environments.length > 0) return { ...config, environments, narrowed: { to: name, others } }
  throw new ConfigError([
    {
      place,
      problem: `there is no environment ${JSON.stringify(name)}`,
      remedy: `name one of ${config.environments.map((each) => each.name).join(', ')}`,
    },
  ])
}

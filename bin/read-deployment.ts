import { type Config, defineConfig } from '../lib/config/config.ts'
import { loadConfig } from '../lib/config/load-config.ts'
import { parseConfig } from '../lib/config/parse-config.ts'

/** What is deployed where nothing is configured yet: enough to look at a template, without going online. Its secrets exist nowhere. */
const EXAMPLE = defineConfig({
  project: 'example',
  migrations: 'migrations',
  environments: [
    { name: 'staging', url: { secret: 'raingauge/staging-url' } },
    { name: 'production', url: { secret: 'raingauge/production-url' } },
  ],
})

export type DeploymentRequest = { config: Config; example: boolean }

/** The configuration to deploy. In a fresh clone it is an example, and `example` says so. Throws `ConfigError`. */
export async function readDeployment(
  cwd: string,
  variables: Readonly<Record<string, string | undefined>>,
  architecture: string,
): Promise<DeploymentRequest> {
  const config = await loadConfig({ cwd, variables })
  if (config !== null) return { config, example: false }
  const deploy = { architecture: architecture === 'arm64' ? 'arm64' : 'x86_64' } as const
  return { config: parseConfig({ ...EXAMPLE, deploy }, { source: 'the example', base: cwd, variables }), example: true }
}

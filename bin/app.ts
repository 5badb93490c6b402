// The CDK app: configuration -> functions bundled -> one stack. `cdk.json` runs it.
import { join } from 'node:path'
import { Annotations, App } from 'aws-cdk-lib'
import { serializeConfig } from '../lib/config/config-document.ts'
import { ConfigError } from '../lib/config/config-error.ts'
import { RaingaugeStack } from '../lib/infra/stack.ts'
import { buildAssets, foldersOf } from '../scripts/bundle/build-assets.ts'
import { readDeployment } from './read-deployment.ts'

try {
  const root = join(import.meta.dirname, '..')
  const { config, example } = await readDeployment(process.cwd(), process.env, process.arch)
  // Before the long part: a secret that is written out stops it here.
  serializeConfig(config)
  const assets = await buildAssets(config, join(root, 'dist', 'functions'))
  const app = new App()
  const stack = new RaingaugeStack(app, `Raingauge-${config.project}`, { config, assets: foldersOf(assets) })
  if (example) {
    Annotations.of(stack).addWarningV2('raingauge:example', 'There is no raingauge.config.ts: this is the example.')
  }
  app.synth()
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  for (const { place, problem, remedy } of error.faults) process.stderr.write(`${place}: ${problem} (${remedy})\n`)
  process.exitCode = 78
}

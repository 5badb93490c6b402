// The CDK app: configuration -> functions bundled -> one stack. `cdk.json` runs it.
import { Annotations, App } from 'aws-cdk-lib'
import { ConfigError } from '../lib/config/config-error.ts'
import { RaingaugeStack } from '../lib/infra/stack.ts'
import { readDeployment } from './read-deployment.ts'

try {
  const { config, example } = await readDeployment(process.cwd(), process.env, process.arch)
  const app = new App()
  const stack = new RaingaugeStack(app, `Raingauge-${config.project}`, { config })
  if (example) {
    Annotations.of(stack).addWarningV2('raingauge:example', 'There is no raingauge.config.ts: this is the example.')
  }
  app.synth()
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  for (const { place, problem, remedy } of error.faults) process.stderr.write(`${place}: ${problem} (${remedy})\n`)
  process.exitCode = 78
}
